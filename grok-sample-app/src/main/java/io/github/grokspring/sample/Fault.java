package io.github.grokspring.sample;

import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;

import io.github.grokspring.test.XaiServer;

/**
 * What may be wrong with the double of xAI.
 */
enum Fault {

	NONE("Everything fine", "Questions are answered.", (xai) -> {
	}),

	RATE_LIMIT("Rate limit", "The next two requests are refused with 429 and Retry-After: 1. Watch the attempts.",
			(xai) -> xai.failsWith(429).rateLimited(3, 2).retryAfter(1).times(2)),

	MODEL_OUTAGE("Outage of grok-4.3", "503 from one model. Watch another one answer in its place.",
			(xai) -> xai.failsWith(503).forModel("grok-4.3").byDefault()),

	OUTAGE("Outage of xAI", "503 from every model. Ask twice and watch the circuit breaker open.",
			(xai) -> xai.failsWith(503).byDefault()),

	SLOW("Slow answers", "Three seconds of thinking, then a word now and then. Good for trying Stop.",
			(xai) -> xai
				.answers("This answer takes its time, so that there is something to stop. Nothing is wrong "
						+ "with it otherwise, and when it is stopped the double is told at once.")
				.thinkingFor(Duration.ofSeconds(3))
				.pace(Duration.ofMillis(400))
				.byDefault()),

	BROKEN_STREAM("Broken stream", "The connection is lost in the middle of the answer.",
			(xai) -> xai.answers("This answer begins well and is lost before it has come to its end.")
				.breaksAfter(6)
				.byDefault()),

	NO_CREDITS("No credits", "403: the account is empty. Nothing is tried again.",
			(xai) -> xai.hasNoCredits().byDefault());

	private final String title;

	private final String description;

	private final Consumer<XaiServer> script;

	Fault(String title, String description, Consumer<XaiServer> script) {
		this.title = title;
		this.description = description;
		this.script = script;
	}

	String id() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	String title() {
		return this.title;
	}

	String description() {
		return this.description;
	}

	void on(XaiServer xai) {
		this.script.accept(xai);
	}

}
