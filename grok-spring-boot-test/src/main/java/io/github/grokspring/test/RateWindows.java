package io.github.grokspring.test;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import io.github.grokspring.test.Outgoing.Header;

/**
 * Counts requests and tokens per model and minute, for the headers only: nothing is
 * refused here.
 */
final class RateWindows {

	private final Map<String, Window> windows = new ConcurrentHashMap<>();

	List<Header> take(Model model, long tokens) {
		Window window = this.windows.computeIfAbsent(model.id(), (id) -> new Window());
		return window.take(model, tokens, TimeUnit.NANOSECONDS.toMinutes(System.nanoTime()));
	}

	void clear() {
		this.windows.clear();
	}

	private static final class Window {

		private long minute = Long.MIN_VALUE;

		private long requests;

		private long tokens;

		synchronized List<Header> take(Model model, long spent, long now) {
			if (now != this.minute) {
				this.minute = now;
				this.requests = 0;
				this.tokens = 0;
			}
			this.requests++;
			this.tokens += spent;
			return List.of(header("x-ratelimit-limit-requests", model.requestsPerMinute()),
					header("x-ratelimit-remaining-requests", Math.max(0, model.requestsPerMinute() - this.requests)),
					header("x-ratelimit-limit-tokens", model.tokensPerMinute()),
					header("x-ratelimit-remaining-tokens", Math.max(0, model.tokensPerMinute() - this.tokens)));
		}

		private static Header header(String name, long value) {
			return new Header(name, Long.toString(value));
		}

	}

}
