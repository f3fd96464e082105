package io.github.grokspring.benchmark;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.scrub.OnUnsupported;
import io.github.grokspring.scrub.Scrubbed;
import io.github.grokspring.scrub.Scrubber;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Scrubbing: one operation is one request.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class ScrubBenchmark {

	private final Scrubber scrubber = Scrubber.create(ModelCatalog.bundled(), OnUnsupported.DROP, true);

	private final GrokChatOptions accepted = GrokChatOptions.builder()
		.model("grok-4.3")
		.temperature(0.3)
		.topP(0.9)
		.maxTokens(500)
		.reasoningEffort("low")
		.conversationId("c1")
		.build();

	private final GrokChatOptions acceptedExtra = this.accepted.mutate()
		.extraBody(Map.of("prompt_cache_key", "c1", "safety_identifier", "u1"))
		.build();

	private final GrokChatOptions refused = this.accepted.mutate()
		.presencePenalty(0.5)
		.stopSequences(List.of("END"))
		.build();

	@Benchmark
	public @Nullable Scrubbed nothingToScrub() {
		return this.scrubber.scrub(this.accepted);
	}

	@Benchmark
	public @Nullable Scrubbed nothingToScrubInTheExtraBody() {
		return this.scrubber.scrub(this.acceptedExtra);
	}

	@Benchmark
	public @Nullable Scrubbed twoParametersDropped() {
		return this.scrubber.scrub(this.refused);
	}

}
