package io.github.grokspring.test;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.github.grokspring.test.HttpReply.Header;
import org.jspecify.annotations.Nullable;

/**
 * Counts requests and tokens per model, for headers and limits.
 */
final class RateLimitWindows {

	private static final Duration SECOND = Duration.ofSeconds(1);

	private static final Duration MINUTE = Duration.ofMinutes(1);

	private final Map<String, Window> windows = new ConcurrentHashMap<>();

	private final Map<Limit, Long> allowed = new ConcurrentHashMap<>();

	private final InstantSource clock;

	RateLimitWindows(InstantSource clock) {
		this.clock = clock;
	}

	void allow(Limit limit, long amount) {
		this.allowed.put(limit, amount);
	}

	/**
	 * Acquires a request, which is counted only if no limit is exceeded. Returns the
	 * exceeded limit, or {@code null}.
	 */
	@Nullable ExceededLimit tryAcquire(Model model) {
		return this.allowed.isEmpty() ? null : window(model).tryAcquire(this.clock.instant());
	}

	List<Header> record(Model model, long tokens) {
		return window(model).record(model, tokens, this.clock.instant());
	}

	void clear() {
		this.windows.clear();
		this.allowed.clear();
	}

	private Window window(Model model) {
		return this.windows.computeIfAbsent(model.id(), (id) -> new Window());
	}

	/**
	 * Types of limits, with the texts of xAI for them.
	 */
	enum Limit {

		REQUESTS_PER_SECOND("Too many requests", "Requests per Second"),

		REQUESTS_PER_MINUTE("Too many requests", "Requests per Minute"),

		TOKENS_PER_MINUTE("Too many tokens", "Tokens per Minute");

		private final String message;

		private final String bucket;

		Limit(String message, String bucket) {
			this.message = message;
			this.bucket = bucket;
		}

		String message() {
			return this.message;
		}

		String bucket() {
			return this.bucket;
		}

	}

	record ExceededLimit(Limit limit, long actual, long allowed) {
	}

	private record Use(Instant at, long requests, long tokens) {
	}

	private final class Window {

		private final Deque<Use> uses = new ArrayDeque<>();

		private Instant minute = Instant.EPOCH;

		private long requests;

		private long tokens;

		synchronized @Nullable ExceededLimit tryAcquire(Instant now) {
			evictExpired(now);
			for (Limit limit : Limit.values()) {
				Long limitAmount = RateLimitWindows.this.allowed.get(limit);
				if (limitAmount != null && used(limit, now) >= limitAmount) {
					return new ExceededLimit(limit, used(limit, now), limitAmount);
				}
			}
			this.uses.add(new Use(now, 1, 0));
			return null;
		}

		synchronized List<Header> record(Model model, long spent, Instant now) {
			if (!RateLimitWindows.this.allowed.isEmpty()) {
				evictExpired(now);
				this.uses.add(new Use(now, 0, spent));
				return headers(allowed(Limit.REQUESTS_PER_MINUTE, model.requestsPerMinute()),
						used(Limit.REQUESTS_PER_MINUTE, now), allowed(Limit.TOKENS_PER_MINUTE, model.tokensPerMinute()),
						used(Limit.TOKENS_PER_MINUTE, now));
			}
			if (now.isBefore(this.minute) || !now.isBefore(this.minute.plus(MINUTE))) {
				this.minute = now;
				this.requests = 0;
				this.tokens = 0;
			}
			this.requests++;
			this.tokens += spent;
			return headers(model.requestsPerMinute(), this.requests, model.tokensPerMinute(), this.tokens);
		}

		private void evictExpired(Instant now) {
			Instant oldest = now.minus(MINUTE);
			while (!this.uses.isEmpty() && !this.uses.element().at().isAfter(oldest)) {
				this.uses.remove();
			}
		}

		private long used(Limit limit, Instant now) {
			return switch (limit) {
				case REQUESTS_PER_SECOND -> this.uses.stream()
					.filter((use) -> use.at().isAfter(now.minus(SECOND)))
					.mapToLong(Use::requests)
					.sum();
				case REQUESTS_PER_MINUTE -> this.uses.stream().mapToLong(Use::requests).sum();
				case TOKENS_PER_MINUTE -> this.uses.stream().mapToLong(Use::tokens).sum();
			};
		}

		private long allowed(Limit limit, long defaultLimit) {
			return RateLimitWindows.this.allowed.getOrDefault(limit, defaultLimit);
		}

		private static List<Header> headers(long requestLimit, long requests, long tokenLimit, long tokens) {
			return List.of(header("x-ratelimit-limit-requests", requestLimit),
					header("x-ratelimit-remaining-requests", Math.max(0, requestLimit - requests)),
					header("x-ratelimit-limit-tokens", tokenLimit),
					header("x-ratelimit-remaining-tokens", Math.max(0, tokenLimit - tokens)));
		}

		private static Header header(String name, long value) {
			return new Header(name, Long.toString(value));
		}

	}

}
