package io.github.grokspring.benchmark;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.github.grokspring.cache.CacheScope;
import io.github.grokspring.cache.CachingChatModel;
import io.github.grokspring.cache.ResponseCache;
import io.github.grokspring.cache.ResponseCacheSettings;
import io.github.grokspring.cache.ResponseCosts;
import io.github.grokspring.cache.ResponseStore;
import io.github.grokspring.chain.CacheMode;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.event.GrokEventListener;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.metadata.ChatGenerationMetadata;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * What the cache of responses takes for a call: one operation is a call with a prompt of
 * 700 characters and an answer of 2,000, which is in the memory of the process
 * ({@code hit}), or is there already but has to be kept ({@code refresh}).
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class CacheBenchmark {

	@Param({ "hit", "refresh" })
	public String result = "";

	private Prompt prompt;

	private GrokChatModel model;

	@Setup
	public void start() {
		CacheScope scope = new CacheScope("https://api.x.ai/v1", "", false, true, (any) -> null);
		ResponseCacheSettings terms = new ResponseCacheSettings(Duration.ofHours(1), false, Duration.ofSeconds(1),
				scope, ResponseCosts.unknown(), (options) -> null);
		this.model = GrokChatModel.builder("answer", CacheBenchmark::answer)
			.options(GrokChatOptions.builder().model("grok-4.3").maxTokens(500).build())
			.decorators(List.of(CachingChatModel.decorator(
					ResponseCache.of(terms, ResponseStore.local(1_000), GrokEventListener.none(), Clock.systemUTC()))))
			.build();
		this.prompt = new Prompt("What is the answer to everything? ".repeat(20),
				this.model.getOptions()
					.mutate()
					.cacheMode("hit".equals(this.result) ? CacheMode.DEFAULT : CacheMode.REFRESH)
					.build());
		String kept = this.model.call(this.prompt).getMetadata().get("grok.cache");
		if (!"miss".equals(kept)) {
			throw new IllegalStateException("The first call is a " + kept);
		}
	}

	@Benchmark
	public ChatResponse call() {
		return this.model.call(this.prompt);
	}

	private static ChatResponse answer(Prompt prompt) {
		Map<String, Object> usage = Map.of("prompt_tokens", 100, "completion_tokens", 100, "total_tokens", 200,
				"cost_in_usd_ticks", 3_750_000L);
		Generation generation = new Generation(new AssistantMessage("It is forty-two. ".repeat(120)),
				ChatGenerationMetadata.builder().finishReason("STOP").build());
		return new ChatResponse(List.of(generation),
				ChatResponseMetadata.builder()
					.model("grok-4.3")
					.usage(new DefaultUsage(100, 100, 200, usage))
					.keyValue("grok.requested-model", "grok-4.3")
					.build());
	}

}
