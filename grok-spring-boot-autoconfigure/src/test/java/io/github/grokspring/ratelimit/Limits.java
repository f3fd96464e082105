package io.github.grokspring.ratelimit;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;

import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.token.PromptTokenEstimator;

import org.springframework.ai.chat.prompt.Prompt;

/**
 * Builder of a {@link RateLimiter} in virtual time. The text of a prompt is its number of
 * tokens; responses have none.
 */
final class Limits {

	static final String MODEL = "grok-4.3";

	private final VirtualTime time = new VirtualTime();

	private Long requestsPerMinute;

	private Long tokensPerMinute;

	private int maxConcurrent;

	private int maxQueued = 256;

	private Duration maxWait = Duration.ofSeconds(30);

	private boolean learn;

	private BigDecimal burst = BigDecimal.valueOf(100);

	private RateLimiter limiter;

	Limits requests(long perMinute) {
		this.requestsPerMinute = perMinute;
		return this;
	}

	Limits tokens(long perMinute) {
		this.tokensPerMinute = perMinute;
		return this;
	}

	Limits concurrent(int max) {
		this.maxConcurrent = max;
		return this;
	}

	Limits burst(String percent) {
		this.burst = new BigDecimal(percent);
		return this;
	}

	Limits queued(int max) {
		this.maxQueued = max;
		return this;
	}

	Limits maxWait(Duration maxWait) {
		this.maxWait = maxWait;
		return this;
	}

	Limits learning() {
		this.learn = true;
		return this;
	}

	RateLimiter limiter() {
		if (this.limiter == null) {
			RateLimitSettings settings = new RateLimitSettings(this.requestsPerMinute, this.tokensPerMinute,
					this.maxConcurrent, this.maxQueued, this.maxWait, this.learn, this.burst);
			Map<String, String> aliases = Map.of("grok-latest", MODEL);
			PromptTokenEstimator estimator = (prompt) -> Long.parseLong(prompt.getContents());
			this.limiter = new RateLimiter(settings, (name) -> aliases.getOrDefault(name, name), estimator, this.time,
					this.time);
		}
		return this.limiter;
	}

	VirtualTime time() {
		return this.time;
	}

	void advance(Duration duration) {
		this.time.advance(duration);
	}

	Permit acquire() {
		return acquire(MODEL, 1);
	}

	Permit acquire(long tokens) {
		return acquire(MODEL, tokens);
	}

	Permit acquire(String model, long tokens) {
		return limiter().acquire("default",
				new Prompt(Long.toString(tokens), GrokChatOptions.builder().model(model).maxTokens(0).build()));
	}

	/**
	 * Acquires a permit, which must be granted at once, and uses it.
	 */
	Permit start() {
		return start(1);
	}

	Permit start(long tokens) {
		Permit permit = acquire(tokens);
		if (!permit.use()) {
			throw new AssertionError("The permit was not granted");
		}
		return permit;
	}

	ModelRateLimits status() {
		return status(MODEL);
	}

	ModelRateLimits status(String model) {
		return limiter().status()
			.models()
			.stream()
			.filter((limits) -> limits.model().equals(model))
			.findFirst()
			.orElseThrow();
	}

	static UsageReport completed(long tokens) {
		return new UsageReport(true, tokens, 0, null, null);
	}

}
