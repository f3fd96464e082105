package io.github.grokspring.scrub;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.InstantSource;
import java.util.regex.Pattern;

import io.github.grokspring.catalog.GrokModel;
import io.github.grokspring.catalog.GrokModel.Status;
import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.catalog.Prices;
import io.github.grokspring.catalog.Prices.TokenPrices;
import io.github.grokspring.chain.LogSanitizer;
import org.jspecify.annotations.Nullable;

/**
 * Whether the model that answered is the one that was asked, and what it costs if it is
 * not.
 */
final class Redirects {

	/** Whoever asks by such a name wants what it stands for today. */
	private static final String FLOATING = "-latest";

	/**
	 * What may follow the name of a model without making it another one: a date, a region
	 * of a cloud, or both.
	 */
	private static final Pattern DATE_OR_REGION = Pattern
		.compile("(-(20\\d\\d(0[1-9]|1[0-2])|20\\d\\d-(0[1-9]|1[0-2])-|0[1-9]|1[0-2])(0[1-9]|[12]\\d|3[01]))?"
				+ "(-(us|eu|uk|ca|mx|sa|me|af|il|in|ap|jp|au)(-[a-z]+-?\\d{1,2})?)?$");

	private final ModelCatalog catalog;

	private final InstantSource time;

	Redirects(ModelCatalog catalog, InstantSource time) {
		this.catalog = catalog;
		this.time = time;
	}

	/**
	 * Whether another model answered.
	 * @param asked the name that was asked
	 * @param served the name that answered
	 * @return {@code false} if both are names of one model, if the name that answered
	 * only adds a date or a region to it, or if the name that was asked stands for
	 * changing models
	 */
	boolean isRedirect(String asked, String served) {
		if (asked.equals(served)) {
			return false;
		}
		GrokModel wanted = this.catalog.find(asked);
		if (asked.endsWith(FLOATING) && (wanted == null || wanted.status() == Status.CURRENT)) {
			return false;
		}
		String plain = DATE_OR_REGION.matcher(served).replaceFirst("");
		return !asked.equals(plain) && !isOf(wanted, served) && !isOf(wanted, plain);
	}

	private boolean isOf(@Nullable GrokModel model, String name) {
		GrokModel named = (model != null) ? this.catalog.find(name) : null;
		return model != null && named != null && model.id().equals(named.id());
	}

	/**
	 * What happened and what that means for the price.
	 * @param asked the name that was asked
	 * @param served the name that answered
	 * @return a text for the log
	 */
	String describe(String asked, String served) {
		String factors = factors(this.catalog.find(asked), this.catalog.find(served));
		return "Model '" + LogSanitizer.sanitize(served) + "' answered instead of '" + LogSanitizer.sanitize(asked)
				+ "', and is what is billed"
				+ ((factors != null)
						? ": " + factors + " of the last own price of '" + LogSanitizer.sanitize(asked) + "'" : "")
				+ ". Ask for the model that you want.";
	}

	/**
	 * How the prices of two models compare.
	 * @param asked the model that was asked, {@code null} if it is not known
	 * @param served the model that answered, {@code null} if it is not known
	 * @return what the one costs now, in terms of what the other cost last, or
	 * {@code null} if either is not known
	 */
	@Nullable String factors(@Nullable GrokModel asked, @Nullable GrokModel served) {
		Prices own = (asked != null) ? asked.lastOwnPrices(this.time.instant()) : null;
		TokenPrices before = (own != null) ? own.tokens() : null;
		Prices now = (served != null) ? served.pricesAt(this.time.instant()) : null;
		if (before == null || now == null || now.tokens() == null || before.input() <= 0 || before.output() <= 0) {
			return null;
		}
		return "input ×" + factor(now.tokens().input(), before.input()) + ", output ×"
				+ factor(now.tokens().output(), before.output());
	}

	private static String factor(long now, long before) {
		return BigDecimal.valueOf(now)
			.divide(BigDecimal.valueOf(before), 2, RoundingMode.HALF_UP)
			.stripTrailingZeros()
			.toPlainString();
	}

}
