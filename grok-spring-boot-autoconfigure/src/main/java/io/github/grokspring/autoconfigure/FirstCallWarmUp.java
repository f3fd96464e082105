package io.github.grokspring.autoconfigure;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.ChatModelDecorator;
import io.github.grokspring.chain.GrokApi;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.chain.Sleeper;
import io.github.grokspring.chain.TimeSource;
import io.github.grokspring.completions.ChatCompletionsModel;
import io.github.grokspring.connection.HttpSettings;
import io.github.grokspring.connection.ReactorXaiHttpClient;
import io.github.grokspring.cost.CostCalculator;
import io.github.grokspring.cost.MeteringChatModel;
import io.github.grokspring.cost.MeteringSettings;
import io.github.grokspring.cost.OnUnpriced;
import io.github.grokspring.cost.PriceConditions;
import io.github.grokspring.cost.TenantResolver;
import io.github.grokspring.event.GrokEventListener;
import io.github.grokspring.observation.GrokObservationConvention;
import io.github.grokspring.ratelimit.RateLimitSettings;
import io.github.grokspring.ratelimit.RateLimitingChatModel;
import io.github.grokspring.ratelimit.RateLimits;
import io.github.grokspring.retry.Backoff;
import io.github.grokspring.retry.CircuitBreakerChatModel;
import io.github.grokspring.retry.CircuitBreakerSettings;
import io.github.grokspring.retry.CircuitBreakers;
import io.github.grokspring.retry.RetryBudget;
import io.github.grokspring.retry.RetryRule;
import io.github.grokspring.retry.RetrySettings;
import io.github.grokspring.retry.RetryingChatModel;
import io.github.grokspring.scrub.OnUnsupported;
import io.github.grokspring.scrub.ResponseCheckChatModel;
import io.github.grokspring.scrub.Scrubber;
import io.github.grokspring.scrub.ScrubbingChatModel;
import io.github.grokspring.token.PromptTokenEstimator;
import io.micrometer.observation.ObservationRegistry;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.ssl.SslContextBuilder;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.util.ClassUtils;

/**
 * Warm-up that sends one call and one stream through a chain of its own to a server on
 * the loopback interface. It loads the classes that the first call needs and leaves no
 * trace in meters, budgets, rate limits or health. Nothing is sent to xAI. An in-memory
 * exchange would not load the classes of Netty, which take most of the time.
 *
 * @param catalog the model catalog of the application
 * @param model the model of the default client
 * @param tls whether requests are encrypted
 */
record FirstCallWarmUp(ModelCatalog catalog, String model, boolean tls) implements WarmUp.WarmUpTask {

	private static final String NAME = "warm-up";

	private static final Duration TIMEOUT = Duration.ofSeconds(20);

	@Override
	public void run() throws Exception {
		try (LoopbackServer server = LoopbackServer.start(this.model)) {
			HttpSettings settings = HttpSettings.defaults().withBaseUrl(server.baseUrl()).withCallTimeout(TIMEOUT);
			try (ReactorXaiHttpClient httpClient = ReactorXaiHttpClient.create(settings, () -> NAME)) {
				sendPrompts(chain(httpClient));
			}
		}
		if (this.tls) {
			loadTls();
		}
	}

	private static void sendPrompts(ChatModel model) {
		if (isPresent("org.springframework.ai.chat.client.ChatClient")) {
			WithChatClient.sendPrompts(model);
		}
		else {
			model.call(new Prompt(NAME));
			model.stream(new Prompt(NAME)).blockLast(TIMEOUT);
		}
	}

	private GrokChatModel chain(ReactorXaiHttpClient httpClient) {
		ObservationRegistry observations = ObservationRegistry.create();
		observations.observationConfig().observationHandler((context) -> true);
		ChatModel transport = ChatCompletionsModel.builder(httpClient)
			.observationRegistry(observations)
			.observationConvention(new GrokObservationConvention())
			.catalog(this.catalog)
			.build();
		GrokEventListener listener = GrokEventListener.none();
		List<ChatModelDecorator> decorators = new ArrayList<>();
		decorators.add(MeteringChatModel.decorator(new MeteringSettings(
				CostCalculator.of(this.catalog, new PriceConditions(false, false, false)), OnUnpriced.ZERO,
				BigDecimal.ONE, TenantResolver.toolContext(), listener, Clock.systemUTC(), System::nanoTime)));
		decorators
			.add(ScrubbingChatModel.decorator(Scrubber.create(this.catalog, OnUnsupported.DROP, false), listener));
		decorators.add(ResponseCheckChatModel.decorator(this.catalog, listener, Clock.systemUTC()));
		if (isPresent("org.springframework.retry.support.RetryTemplate")) {
			decorators.add(WithRetry.decorator(listener));
		}
		if (isPresent("io.github.resilience4j.circuitbreaker.CircuitBreaker")) {
			decorators.add(WithCircuitBreaker.decorator());
		}
		if (isPresent("io.github.bucket4j.Bucket")) {
			decorators.add(WithLimits.decorator(listener));
		}
		return GrokChatModel.builder(NAME, transport)
			.name(NAME)
			.options(GrokChatOptions.builder().model(this.model).api(GrokApi.CHAT_COMPLETIONS).build())
			.decorators(decorators)
			.build();
	}

	private static boolean isPresent(String type) {
		return ClassUtils.isPresent(type, FirstCallWarmUp.class.getClassLoader());
	}

	// The first message of a handshake loads most classes of TLS.
	private static void loadTls() throws SSLException {
		SSLEngine engine = SslContextBuilder.forClient()
			.build()
			.newEngine(UnpooledByteBufAllocator.DEFAULT, "localhost", 443);
		engine.beginHandshake();
		engine.wrap(ByteBuffer.allocate(0), ByteBuffer.allocate(engine.getSession().getPacketBufferSize()));
		engine.closeOutbound();
	}

	private static final class WithChatClient {

		static void sendPrompts(ChatModel model) {
			ChatClient client = ChatClient.builder(model).build();
			client.prompt(NAME).call().content();
			client.prompt(NAME).stream().content().blockLast(TIMEOUT);
		}

	}

	private static final class WithRetry {

		static ChatModelDecorator decorator(GrokEventListener listener) {
			return RetryingChatModel.decorator(new RetrySettings(RetryRule.never(), Backoff.none(),
					RetryBudget.unlimited(), Duration.ZERO, Sleeper.system()), listener);
		}

	}

	private static final class WithCircuitBreaker {

		static ChatModelDecorator decorator() {
			CircuitBreakerSettings settings = new CircuitBreakerSettings(50, null, Duration.ofMinutes(1), 20,
					Duration.ofSeconds(30), 3);
			return CircuitBreakerChatModel
				.decorator(CircuitBreakers.create(settings, TimeSource.system(), (registry) -> {
				}));
		}

	}

	private static final class WithLimits {

		static ChatModelDecorator decorator(GrokEventListener listener) {
			RateLimitSettings settings = new RateLimitSettings(1_000L, 1_000_000L, 10, 10, TIMEOUT, false);
			return RateLimitingChatModel.decorator(
					RateLimits.local(settings, UnaryOperator.identity(), PromptTokenEstimator.approximate()), listener);
		}

	}

}
