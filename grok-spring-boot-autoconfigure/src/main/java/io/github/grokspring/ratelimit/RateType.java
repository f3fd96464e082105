package io.github.grokspring.ratelimit;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * The rates that xAI limits, per team and model.
 */
enum RateType {

	REQUESTS_PER_SECOND(LimitType.REQUESTS), REQUESTS_PER_MINUTE(LimitType.REQUESTS),
	TOKENS_PER_MINUTE(LimitType.TOKENS);

	private final LimitType limit;

	RateType(LimitType limit) {
		this.limit = limit;
	}

	LimitType limit() {
		return this.limit;
	}

	Rate rate(long amount) {
		return (this == REQUESTS_PER_SECOND) ? Rate.perSecond(amount) : Rate.perMinute(amount);
	}

	/**
	 * The rate in a sentence.
	 * @return such as {@code requests per minute}
	 */
	String words() {
		return name().toLowerCase(Locale.ROOT).replace('_', ' ');
	}

	/**
	 * The property that sets the rate, if there is one.
	 */
	String property() {
		return "grok.rate-limit." + name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	/**
	 * The rate that xAI calls so.
	 * @param bucket such as {@code Requests per Minute}
	 * @return the rate, {@code null} if it is none of these
	 */
	static @Nullable RateType of(String bucket) {
		for (RateType name : values()) {
			if (name.words().equalsIgnoreCase(bucket)) {
				return name;
			}
		}
		return null;
	}

}
