package io.github.grokspring.ratelimit;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Limits that can delay a request. All but {@link #CONCURRENCY} are rates that xAI also
 * limits, per team and model.
 */
enum LimitType {

	REQUESTS_PER_SECOND("requests"), REQUESTS_PER_MINUTE("requests"), TOKENS_PER_MINUTE("tokens"),
	CONCURRENCY("concurrency");

	static final Set<LimitType> RATES = Collections
		.unmodifiableSet(EnumSet.range(REQUESTS_PER_SECOND, TOKENS_PER_MINUTE));

	private final String label;

	LimitType(String label) {
		this.label = label;
	}

	String label() {
		return this.label;
	}

	Rate rate(long amount) {
		return (this == REQUESTS_PER_SECOND) ? Rate.perSecond(amount) : Rate.perMinute(amount);
	}

	String displayName() {
		return name().toLowerCase(Locale.ROOT).replace('_', ' ');
	}

	String property() {
		return "grok.rate-limit." + name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	// By the name in xAI's rejections, such as 'Requests per Minute'
	static @Nullable LimitType ofRate(String name) {
		for (LimitType type : RATES) {
			if (type.displayName().equalsIgnoreCase(name)) {
				return type;
			}
		}
		return null;
	}

}
