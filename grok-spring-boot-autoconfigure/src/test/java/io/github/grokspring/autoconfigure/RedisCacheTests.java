package io.github.grokspring.autoconfigure;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

import io.github.grokspring.cache.ResponseCache;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.Invocation;
import io.github.grokspring.cost.Cost;
import io.github.grokspring.test.XaiServerExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import redis.embedded.RedisServer;

import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.boot.cache.autoconfigure.RedisCacheManagerBuilderCustomizer;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.cache.RedisCacheConfiguration;
import org.springframework.data.redis.cache.RedisCacheManager;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.serializer.GenericJacksonJsonRedisSerializer;
import org.springframework.data.redis.serializer.RedisSerializationContext.SerializationPair;
import org.springframework.data.redis.serializer.RedisSerializer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The cache of responses in a real Redis, through Spring Cache as Spring Boot sets it up.
 */
class RedisCacheTests {

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private static int port;

	private static RedisServer redis;

	private final ApplicationContextRunner runner = ContextRunners.starter()
		.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, CacheAutoConfiguration.class))
		.withUserConfiguration(Caching.class)
		.withPropertyValues("grok.api-key=" + xai.apiKey(), "grok.base-url=" + xai.baseUrl(), "grok.cache.enabled=true",
				"grok.cache.timeout=10s", "spring.cache.type=redis", "spring.cache.cache-names=grok-responses",
				"spring.cache.redis.time-to-live=1d", "spring.data.redis.port=" + port);

	@BeforeAll
	static void startRedis() throws IOException {
		port = freePort();
		redis = RedisServer.newRedisServer().bind("127.0.0.1").port(port).setting("save \"\"").build();
		try {
			redis.start();
		}
		catch (IOException | RuntimeException ex) {
			Assumptions.abort("There is no Redis for this machine: " + ex.getMessage());
		}
	}

	@AfterAll
	static void stopRedis() throws IOException {
		if (redis.isActive()) {
			redis.stop();
		}
	}

	@BeforeEach
	void reset() {
		xai.reset();
	}

	/**
	 * How applications have values written.
	 */
	enum Serializer {

		DEFAULT((defaults) -> defaults),

		JSON((defaults) -> values(defaults, GenericJacksonJsonRedisSerializer.builder().build())),

		TEXT((defaults) -> values(defaults, RedisSerializer.string()));

		private final Function<RedisCacheConfiguration, RedisCacheConfiguration> change;

		Serializer(Function<RedisCacheConfiguration, RedisCacheConfiguration> change) {
			this.change = change;
		}

		private static RedisCacheConfiguration values(RedisCacheConfiguration defaults, RedisSerializer<?> serializer) {
			return defaults.serializeValuesWith(SerializationPair.fromSerializer(serializer));
		}

	}

	@ParameterizedTest
	@EnumSource
	void answersOutliveTheApplicationWhateverWritesThem(Serializer serializer) {
		ApplicationContextRunner written = this.runner.withPropertyValues("grok.cache.namespace=" + serializer)
			.withBean(RedisCacheManagerBuilderCustomizer.class, () -> (builder) -> builder
				.withCacheConfiguration("grok-responses", serializer.change.apply(builder.cacheDefaults())));
		written.run((context) -> {
			assertThat(context.getBean(CacheManager.class)).isInstanceOf(RedisCacheManager.class);
			xai.answers("Four.").usage(200, 10).reasoningTokens(30);
			List<ChatResponse> asked = Invocation.STREAM.invoke(context.getBean(GrokChatModel.class),
					new Prompt("2 + 2?"));
			assertThat(Invocation.text(asked)).isEqualTo("Four.");
			StringRedisTemplate template = context.getBean(StringRedisTemplate.class);
			awaitKept(template);
			Set<String> keys = Objects.requireNonNull(template.keys("grok-responses::*"));
			assertThat(keys).singleElement().asString().matches("grok-responses::[0-9a-f]{64}");
			assertThat(template.getExpire(keys.iterator().next())).isBetween(80_000L, 86_400L);
		});
		written.run((context) -> {
			GrokChatModel model = context.getBean(GrokChatModel.class);
			for (Invocation invocation : Invocation.values()) {
				List<ChatResponse> kept = invocation.invoke(model, new Prompt("2 + 2?"));
				assertThat(Invocation.text(kept)).isEqualTo("Four.");
				ChatResponseMetadata metadata = kept.get(kept.size() - 1).getMetadata();
				assertThat(metadata.<String>get("grok.cache")).isEqualTo("hit");
				assertThat(metadata.<Cost>get("grok.saved").ticks()).isPositive();
			}
			assertThat(xai.requestCount()).isEqualTo(1);
			context.getBean(ResponseCache.class).clear();
			assertThat(context.getBean(StringRedisTemplate.class).keys("grok-responses::*")).isEmpty();
			model.call(new Prompt("2 + 2?"));
			assertThat(xai.requestCount()).isEqualTo(2);
			awaitKept(context.getBean(StringRedisTemplate.class));
			context.getBean(ResponseCache.class).clear();
		});
	}

	@Test
	void aRedisThatGoesAwayLosesNoAnswer() throws IOException {
		int gone = freePort();
		RedisServer another = RedisServer.newRedisServer().bind("127.0.0.1").port(gone).setting("save \"\"").build();
		another.start();
		this.runner.withPropertyValues("spring.data.redis.port=" + gone, "grok.cache.timeout=2s").run((context) -> {
			// The first connection takes its time
			assertThat(context.getBean(StringRedisTemplate.class).keys("*")).isEmpty();
			GrokChatModel model = context.getBean(GrokChatModel.class);
			model.call(new Prompt("2 + 2?"));
			awaitKept(context.getBean(StringRedisTemplate.class));
			assertThat(model.call(new Prompt("2 + 2?")).getMetadata().<String>get("grok.cache")).isEqualTo("hit");
			another.stop();
			for (Invocation invocation : Invocation.values()) {
				List<ChatResponse> answer = invocation.invoke(model, new Prompt("2 + 2?"));
				assertThat(answer.get(answer.size() - 1).getMetadata().<String>get("grok.cache")).isEqualTo("miss");
			}
			assertThat(xai.requestCount()).isEqualTo(3);
		});
	}

	private static void awaitKept(StringRedisTemplate template) {
		await().until(() -> !Set.of().equals(template.keys("grok-responses::*")));
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
	}

	/**
	 * Without this, Spring Boot makes no CacheManager.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableCaching
	static class Caching {

	}

}
