package io.github.grokspring.sample;

import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;

import io.github.grokspring.test.XaiServer;

/**
 * Faults that the mock of xAI can simulate.
 */
enum Fault {

	NONE("No fault", "Requests succeed.", (xai) -> {
	}),

	RATE_LIMIT("Rate limit", "The next two requests fail with status 429 and Retry-After: 1. Watch the attempts.",
			(xai) -> xai.failsWith(429).rateLimited(3, 2).retryAfter(1).times(2)),

	MODEL_OUTAGE("Outage of grok-4.3", "One model fails with status 503. Watch the fallback.",
			(xai) -> xai.failsWith(503).forModel("grok-4.3").byDefault()),

	OUTAGE("Outage of xAI", "All models fail with status 503. Send two messages and watch the circuit breaker open.",
			(xai) -> xai.failsWith(503).byDefault()),

	SLOW("Slow responses", "Three seconds of reasoning, then slow text. Try Stop.",
			(xai) -> xai
				.answers("This response is slow, so that you can stop it. When you do, the connection to the "
						+ "mock is closed immediately.")
				.thinkingFor(Duration.ofSeconds(3))
				.pace(Duration.ofMillis(400))
				.byDefault()),

	BROKEN_STREAM("Broken stream", "The connection is lost within the response.",
			(xai) -> xai.answers("This response starts well, but the connection is lost before it ends.")
				.breaksAfter(6)
				.byDefault()),

	NO_CREDITS("No credits", "Status 403 because the account has no credits. Nothing is retried.",
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
