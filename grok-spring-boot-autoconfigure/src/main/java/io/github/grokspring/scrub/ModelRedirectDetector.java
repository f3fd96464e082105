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
 * Detects responses of another model than the requested one and compares the prices of
 * the two.
 */
final class ModelRedirectDetector {

	/** Names with this suffix refer to changing models on purpose. */
	private static final String LATEST = "-latest";

	/** Suffixes that do not denote another model: a date, a cloud region, or both. */
	private static final Pattern DATE_OR_REGION = Pattern
		.compile("(-(20\\d\\d(0[1-9]|1[0-2])|20\\d\\d-(0[1-9]|1[0-2])-|0[1-9]|1[0-2])(0[1-9]|[12]\\d|3[01]))?"
				+ "(-(us|eu|uk|ca|mx|sa|me|af|il|in|ap|jp|au)(-[a-z]+-?\\d{1,2})?)?$");

	private final ModelCatalog catalog;

	private final InstantSource clock;

	ModelRedirectDetector(ModelCatalog catalog, InstantSource time) {
		this.catalog = catalog;
		this.clock = time;
	}

	/**
	 * Returns whether another model answered.
	 * @param requested the requested model name
	 * @param served the model name in the response
	 * @return {@code false} if both names refer to the same model, if the served name
	 * only adds a date or region, or if the requested name refers to changing models
	 */
	boolean isRedirect(String requested, String served) {
		if (requested.equals(served)) {
			return false;
		}
		GrokModel wanted = this.catalog.find(requested);
		if (requested.endsWith(LATEST) && (wanted == null || wanted.status() == Status.CURRENT)) {
			return false;
		}
		String plain = DATE_OR_REGION.matcher(served).replaceFirst("");
		return !requested.equals(plain) && !isNameOf(wanted, served) && !isNameOf(wanted, plain);
	}

	private boolean isNameOf(@Nullable GrokModel model, String name) {
		GrokModel named = (model != null) ? this.catalog.find(name) : null;
		return model != null && named != null && model.id().equals(named.id());
	}

	/**
	 * Returns the log message for a redirect.
	 */
	String describe(String requested, String served) {
		String factors = priceFactors(this.catalog.find(requested), this.catalog.find(served));
		return "Model '" + LogSanitizer.sanitize(served) + "' answered instead of '" + LogSanitizer.sanitize(requested)
				+ "', at its own price"
				+ ((factors != null)
						? " (" + factors + " of the last price of '" + LogSanitizer.sanitize(requested) + "')" : "")
				+ ". Request the model that you want to use.";
	}

	/**
	 * Compares the current price of the served model to the last own price of the
	 * requested one.
	 * @return the factors, or {@code null} if a price is not known
	 */
	@Nullable String priceFactors(@Nullable GrokModel requested, @Nullable GrokModel served) {
		Prices own = (requested != null) ? requested.lastOwnPrices(this.clock.instant()) : null;
		TokenPrices before = (own != null) ? own.tokens() : null;
		Prices now = (served != null) ? served.pricesAt(this.clock.instant()) : null;
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
