package io.github.grokspring.autoconfigure;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.grokspring.catalog.GrokModel;
import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.ChatModelDecorator;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.Position;
import io.github.grokspring.error.RateLimitExceededException;
import io.github.grokspring.event.GrokEvent;
import io.github.grokspring.event.GrokEventListener;
import io.github.grokspring.event.RateLimitWaited;
import io.github.grokspring.ratelimit.ModelRateLimits;
import io.github.grokspring.ratelimit.RateLimitSettings;
import io.github.grokspring.ratelimit.RateLimitingChatModel;
import io.github.grokspring.ratelimit.RateLimits;
import io.github.grokspring.test.XaiServerExtension;
import io.github.grokspring.token.PromptTokenEstimator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link RateLimitConfiguration}.
 */
class RateLimitConfigurationTests {

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private final ApplicationContextRunner runner = ContextRunners.starter()
		.withPropertyValues("grok.api-key=" + xai.apiKey(), "grok.base-url=" + xai.baseUrl());

	@Test
	void everySettingCanBeWritten() {
		MockEnvironment environment = new MockEnvironment().withProperty("grok.rate-limit.requests-per-minute", "1")
			.withProperty("grok.rate-limit.tokens-per-minute", "2")
			.withProperty("grok.rate-limit.max-concurrent", "3")
			.withProperty("grok.rate-limit.max-queued", "4")
			.withProperty("grok.rate-limit.max-wait", "5s")
			.withProperty("grok.rate-limit.learn", "false")
			.withProperty("grok.rate-limit.store", "local")
			.withProperty("grok.rate-limit.burst", "12.5%");
		assertThat(Binder.get(environment).bindOrCreate("grok.rate-limit", GrokRateLimitProperties.class).settings())
			.isEqualTo(new RateLimitSettings(1L, 2L, 3, 4, Duration.ofSeconds(5), false, new BigDecimal("12.5")));
	}

	@Test
	void theDefaultLimitsNothingAndLearns() {
		assertThat(new Binder().bindOrCreate("grok.rate-limit", GrokRateLimitProperties.class).settings())
			.isEqualTo(new RateLimitSettings(null, null, 0, 256, Duration.ofSeconds(30), true));
		this.runner.run((context) -> {
			assertThat(context.getBean(GrokChatModel.class).stages()).contains("rate-limit");
			assertThat(context).hasSingleBean(RateLimits.class).hasBean("grokRateLimits");
		});
	}

	@ParameterizedTest
	@MethodSource("ways")
	void onlyABurstOfRequestsIsSentAtOnce(TransportInvocation way) {
		this.runner
			.withPropertyValues(way.property(), "grok.rate-limit.requests-per-minute=60", "grok.rate-limit.max-wait=0s",
					"grok.rate-limit.learn=false")
			.run((context) -> {
				GrokChatModel model = context.getBean(GrokChatModel.class);
				// One comes back each second
				int rejected = 0;
				for (int i = 0; i < 60 && rejected == 0; i++) {
					try {
						way.ask(model, new Prompt("hi"));
					}
					catch (RateLimitExceededException ex) {
						rejected++;
					}
				}
				assertThat(rejected).isOne();
				assertThat(xai.requestCount()).isBetween(10L, 59L);
			});
	}

	static List<TransportInvocation> ways() {
		return TransportInvocation.all();
	}

	@ParameterizedTest
	@CsvSource({ "101%, must be at most 100%", "-1%, must be a percentage", "tenth, must be a percentage",
			"1e3, must be a percentage" })
	void burstThatIsNoPercentageEndsTheStart(String burst, String problem) {
		this.runner.withPropertyValues("grok.rate-limit.burst=" + burst)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(GrokConfigurationException.class)
				.hasMessageContaining("burst")
				.hasMessageContaining(problem));
	}

	@Test
	void thereIsNoStageWhereThereIsNothingToLimit() {
		this.runner.withPropertyValues("grok.rate-limit.learn=false")
			.run((context) -> assertThat(context.getBean(GrokChatModel.class).stages()).doesNotContain("rate-limit"));
	}

	@Test
	void allClientsAndAliasesShareTheLimitsOfAModel() {
		this.runner
			.withPropertyValues("grok.rate-limit.requests-per-minute=2", "grok.rate-limit.max-wait=0s",
					"grok.chat.model=grok-4.5", "grok.clients.other.model=grok-4.5-latest",
					"grok.clients.third.model=grok-4.3")
			.withUserConfiguration(Listening.class, OwnCatalog.class)
			.run((context) -> {
				context.getBean(ChatClient.class).prompt("hi").call().content();
				context.getBean("otherChatClient", ChatClient.class).prompt("hi").call().content();
				assertThatExceptionOfType(RateLimitExceededException.class)
					.isThrownBy(() -> context.getBean(ChatClient.class).prompt("hi").call().content())
					.withMessageContaining("'grok.rate-limit.requests-per-minute' (2)")
					.satisfies((ex) -> assertThat(ex.limit()).isEqualTo("requests"));
				context.getBean("thirdChatClient", ChatClient.class).prompt("hi").call().content();
				assertThat(xai.requestCount()).isEqualTo(3);
				assertThat(context.getBean(Listening.class).events).filteredOn(RateLimitWaited.class::isInstance)
					.singleElement()
					.satisfies((event) -> assertThat(((RateLimitWaited) event).limit()).isEqualTo("requests"));
				assertThat(context.getBean(RateLimits.class).status().models()).extracting(ModelRateLimits::model)
					.containsExactly("grok-4.3", "grok-4.5");
			});
	}

	@Test
	void aRetiredModelHasTheLimitsOfTheOneThatAnswersForIt() {
		this.runner.withPropertyValues("grok.chat.model=grok-4-0709")
			.withUserConfiguration(OwnCatalog.class)
			.run((context) -> {
				context.getBean(ChatClient.class).prompt("hi").call().content();
				assertThat(context.getBean(RateLimits.class).status().models()).extracting(ModelRateLimits::model)
					.containsExactly("grok-4.3");
			});
	}

	@Test
	void ownLimitsGoBeforeOurs() {
		this.runner.withUserConfiguration(OwnLimits.class).run((context) -> {
			assertThat(context).hasSingleBean(RateLimits.class).doesNotHaveBean("grokRateLimits");
			assertThat(context.getBean(GrokChatModel.class).as(RateLimitingChatModel.class)).isNotNull();
			context.getBean(ChatClient.class).prompt("hi").call().content();
			assertThat(context.getBean(RateLimits.class).status().models()).extracting(ModelRateLimits::model)
				.containsExactly("GROK-4.3");
		});
	}

	@Test
	void anOwnStageGoesBeforeOurs() {
		this.runner.withUserConfiguration(OwnStage.class)
			.run((context) -> assertThat(context.getBean(GrokChatModel.class).as(RateLimitingChatModel.class))
				.isNull());
	}

	@Test
	void withoutBucket4jNothingIsLimited() {
		this.runner.withClassLoader(new FilteredClassLoader("io.github.bucket4j")).run((context) -> {
			assertThat(context).hasNotFailed().doesNotHaveBean(RateLimits.class);
			assertThat(context.getBean(ChatClient.class).prompt("hi").call().content()).isNotEmpty();
		});
	}

	@Test
	void withoutBucket4jALimitStopsTheStart() {
		for (String limit : List.of("requests-per-minute", "tokens-per-minute", "max-concurrent")) {
			this.runner.withClassLoader(new FilteredClassLoader("io.github.bucket4j"))
				.withPropertyValues("grok.rate-limit." + limit + "=5")
				.run((context) -> assertThat(context).getFailure()
					.rootCause()
					.isInstanceOf(GrokConfigurationException.class)
					.hasMessage("'grok.rate-limit." + limit + "' is 5, but com.bucket4j:bucket4j_jdk17-core is not on "
							+ "the class path. Add the dependency com.bucket4j:bucket4j_jdk17-core, "
							+ "or remove the property."));
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class Listening {

		private final List<GrokEvent> events = new CopyOnWriteArrayList<>();

		@Bean
		GrokEventListener recorder() {
			return this.events::add;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnCatalog implements ModelCatalog {

		private static final List<GrokModel> MODELS = List.of(model("grok-4.5", null, "grok-4.5-latest"),
				model("grok-4.3", null), model("grok-4-0709", "grok-4.3"));

		private static GrokModel model(String id, @Nullable String replacement, String... aliases) {
			return new GrokModel(id, Set.of(aliases), true,
					(replacement != null) ? GrokModel.Status.REDIRECTED : GrokModel.Status.CURRENT, null,
					LocalDate.of(2026, 11, 1), null, 0, Set.of(), Set.of(), Set.of(), Set.of(),
					GrokModel.Reasoning.ALWAYS, List.of(), null, Set.of(), Set.of(), List.of(),
					(replacement != null) ? new GrokModel.Retirement(null, replacement, null) : null);
		}

		@Override
		public @Nullable GrokModel find(String name) {
			return MODELS.stream()
				.filter((model) -> model.id().equals(name) || model.aliases().contains(name))
				.findFirst()
				.orElse(null);
		}

		@Override
		public GrokModel get(String name) {
			return Objects.requireNonNull(find(name));
		}

		@Override
		public Collection<GrokModel> models() {
			return MODELS;
		}

		@Override
		public List<String> similar(String name) {
			return List.of();
		}

		@Override
		public long revision() {
			return 0;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnLimits {

		@Bean
		RateLimits limits() {
			return RateLimits.local(new RateLimitSettings(5L, null, 0, 1, Duration.ZERO, false),
					(name) -> name.replace("grok", "GROK"), PromptTokenEstimator.approximate());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnStage {

		@Bean
		ChatModelDecorator grokRateLimitDecorator() {
			return new ChatModelDecorator() {

				@Override
				public Position position() {
					return Position.RATE_LIMIT;
				}

				@Override
				public ChatModel decorate(String client, ChatModel delegate) {
					return delegate;
				}

			};
		}

	}

}
