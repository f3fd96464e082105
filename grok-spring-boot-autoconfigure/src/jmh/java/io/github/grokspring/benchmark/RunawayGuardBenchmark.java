package io.github.grokspring.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.scrub.RunawayGuardChatModel;
import io.github.grokspring.scrub.RunawayGuardSettings;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import reactor.core.publisher.Flux;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * The guard against runaway repetition: one operation is one chunk of four to five
 * characters, in a stream of 20,000.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class RunawayGuardBenchmark {

	private static final int CHUNKS = 20_000;

	private final Prompt prompt = new Prompt("hi", GrokChatOptions.builder().model("grok-4.7").build());

	private final Prompt unguarded = new Prompt("hi",
			GrokChatOptions.builder().model("grok-4.7").runawayGuard(false).build());

	private final ChatModel prose = guarded((random, i) -> word(random));

	private final ChatModel shortRuns = guarded((random, i) -> (i % 4000 == 0) ? "|\n" : "-----");

	@Benchmark
	@OperationsPerInvocation(CHUNKS)
	public @Nullable ChatResponse unguarded() {
		return this.prose.stream(this.unguarded).blockLast();
	}

	@Benchmark
	@OperationsPerInvocation(CHUNKS)
	public @Nullable ChatResponse prose() {
		return this.prose.stream(this.prompt).blockLast();
	}

	@Benchmark
	@OperationsPerInvocation(CHUNKS)
	public @Nullable ChatResponse repetitionsBelowTheThreshold() {
		return this.shortRuns.stream(this.prompt).blockLast();
	}

	private static ChatModel guarded(Text text) {
		Random random = new Random(1);
		List<ChatResponse> chunks = new ArrayList<>();
		for (int i = 0; i < CHUNKS; i++) {
			chunks.add(new ChatResponse(List.of(new Generation(new AssistantMessage(text.chunk(random, i))))));
		}
		return RunawayGuardChatModel.decorator(RunawayGuardSettings.DEFAULT, (event) -> {
		}).decorate("default", new Chunks(chunks));
	}

	private static String word(Random random) {
		StringBuilder word = new StringBuilder(" ");
		for (int i = 3 + random.nextInt(2); i > 0; i--) {
			word.append((char) ('a' + random.nextInt(26)));
		}
		return word.toString();
	}

	/**
	 * What is streamed.
	 */
	private interface Text {

		String chunk(Random random, int index);

	}

	/**
	 * Streams what is there already.
	 *
	 * @param chunks the elements
	 */
	private record Chunks(List<ChatResponse> chunks) implements ChatModel {

		@Override
		public ChatResponse call(Prompt prompt) {
			return this.chunks.get(0);
		}

		@Override
		public Flux<ChatResponse> stream(Prompt prompt) {
			return Flux.fromIterable(this.chunks);
		}

	}

}
