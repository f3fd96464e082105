package io.github.grokspring.ratelimit;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;

import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.token.PromptTokenEstimator;

import org.springframework.ai.chat.prompt.Prompt;

/**
 * Limits for tests, in virtual time. A prompt has as many tokens as its text says, if it
 * is a number, and its answer none.
 */
final class Limits {

	static final String MODEL = "grok-4.3";

	private final VirtualTiming timing = new VirtualTiming();

	private Long requestsPerMinute;

	private Long tokensPerMinute;

	private int maxConcurrent;

	private int maxQueued = 256;

	private Duration maxWait = Duration.ofSeconds(30);

	private boolean learn;

	private BigDecimal burst = BigDecimal.valueOf(100);

	private RateLimiter queue;

	Limits requests(long perMinute) {
		this.requestsPerMinute = perMinute;
		return this;
	}

	Limits tokens(long perMinute) {
		this.tokensPerMinute = perMinute;
		return this;
	}

	Limits concurrent(int most) {
		this.maxConcurrent = most;
		return this;
	}

	Limits burst(String percent) {
		this.burst = new BigDecimal(percent);
		return this;
	}

	Limits queued(int most) {
		this.maxQueued = most;
		return this;
	}

	Limits patience(Duration maxWait) {
		this.maxWait = maxWait;
		return this;
	}

	Limits learning() {
		this.learn = true;
		return this;
	}

	RateLimiter queue() {
		if (this.queue == null) {
			RateLimitSettings settings = new RateLimitSettings(this.requestsPerMinute, this.tokensPerMinute,
					this.maxConcurrent, this.maxQueued, this.maxWait, this.learn, this.burst);
			Map<String, String> aliases = Map.of("grok-latest", MODEL);
			PromptTokenEstimator estimator = (prompt) -> Long.parseLong(prompt.getContents());
			this.queue = new RateLimiter(settings, (name) -> aliases.getOrDefault(name, name), estimator,
					(name, rate) -> new LocalRateBucket(rate, this.timing), this.timing, this.timing);
		}
		return this.queue;
	}

	VirtualTiming timing() {
		return this.timing;
	}

	void pass(Duration duration) {
		this.timing.pass(duration);
	}

	Permit ask() {
		return ask(MODEL, 1);
	}

	Permit ask(long tokens) {
		return ask(MODEL, tokens);
	}

	Permit ask(String model, long tokens) {
		return queue().acquire("default",
				new Prompt(Long.toString(tokens), GrokChatOptions.builder().model(model).maxTokens(0).build()));
	}

	/**
	 * A permit that is granted at once and used.
	 */
	Permit take() {
		return take(1);
	}

	Permit take(long tokens) {
		Permit permit = ask(tokens);
		if (!permit.use()) {
			throw new AssertionError("There is no room");
		}
		return permit;
	}

	ModelRateLimits status() {
		return status(MODEL);
	}

	ModelRateLimits status(String model) {
		return queue().status()
			.models()
			.stream()
			.filter((limits) -> limits.model().equals(model))
			.findFirst()
			.orElseThrow();
	}

	static UsageReport answered(long tokens) {
		return new UsageReport(true, tokens, 0, null, null);
	}

}
