package io.github.grokspring.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.cost.CostCalculator;
import io.github.grokspring.cost.MeteringChatModel;
import io.github.grokspring.cost.MeteringSettings;
import io.github.grokspring.cost.PriceConditions;
import io.github.grokspring.event.GrokEventListener;
import io.github.grokspring.observation.TokenCostMeter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import reactor.core.publisher.Flux;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.metadata.ChatGenerationMetadata;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * The metering stage over a model that answers at once: one operation is one call, or one
 * element of a stream of 200. {@code bare} is the model alone.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class MeteringBenchmark {

	private static final int ELEMENTS = 200;

	@Param({ "bare", "metering", "metering-with-meters" })
	public String stage = "";

	private final Prompt prompt = new Prompt("hello", GrokChatOptions.builder().model("grok-4.3").build());

	private @Nullable ChatModel model;

	@Setup
	public void start() {
		ChatModel canned = new Canned();
		this.model = switch (this.stage) {
			case "bare" -> canned;
			case "metering" -> metered(canned, GrokEventListener.none());
			default -> metered(canned, new TokenCostMeter(new SimpleMeterRegistry()));
		};
	}

	@Benchmark
	public ChatResponse call() {
		return Objects.requireNonNull(this.model).call(this.prompt);
	}

	@Benchmark
	@OperationsPerInvocation(ELEMENTS)
	public @Nullable ChatResponse element() {
		return Objects.requireNonNull(this.model).stream(this.prompt).blockLast();
	}

	private static ChatModel metered(ChatModel model, GrokEventListener listener) {
		CostCalculator prices = CostCalculator.of(ModelCatalog.bundled(), PriceConditions.STANDARD);
		return MeteringChatModel.decorator(MeteringSettings.of(prices, listener)).decorate("default", model);
	}

	/**
	 * Answers as the native transport does.
	 */
	private static final class Canned implements ChatModel {

		private final ChatResponse whole = whole();

		private final Flux<ChatResponse> elements;

		private Canned() {
			ChatResponseMetadata identity = ChatResponseMetadata.builder().id("a1").model("grok-4.3").build();
			List<ChatResponse> parts = new ArrayList<>();
			for (int i = 1; i < ELEMENTS; i++) {
				parts.add(new ChatResponse(
						List.of(new Generation(new AssistantMessage(" word"), ChatGenerationMetadata.NULL)), identity));
			}
			parts.add(this.whole);
			this.elements = Flux.fromIterable(parts);
		}

		@Override
		public ChatResponse call(Prompt prompt) {
			return this.whole;
		}

		@Override
		public Flux<ChatResponse> stream(Prompt prompt) {
			return this.elements;
		}

		private static ChatResponse whole() {
			Map<String, Object> usage = Map.of("prompt_tokens", 204, "completion_tokens", 1, "total_tokens", 287,
					"prompt_tokens_details", Map.of("text_tokens", 204, "image_tokens", 0, "cached_tokens", 192),
					"completion_tokens_details", Map.of("reasoning_tokens", 82), "cost_in_usd_ticks", 2_609_000);
			return new ChatResponse(
					List.of(new Generation(new AssistantMessage("4"),
							ChatGenerationMetadata.builder().finishReason("STOP").build())),
					ChatResponseMetadata.builder()
						.id("a1")
						.model("grok-4.3")
						.usage(new DefaultUsage(204, 83, 287, usage, 192L, null))
						.keyValue("grok.requested-model", "grok-4.3")
						.keyValue("service_tier", "default")
						.build());
		}

	}

}
