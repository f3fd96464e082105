package io.github.grokspring.scrub;

import java.util.Map;
import java.util.Objects;
import java.util.Set;

import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.error.GrokApiException;
import org.jspecify.annotations.Nullable;

/**
 * Removes parameters from requests that the model does not support. Implementations are
 * thread-safe.
 *
 * @since 0.1.0
 */
public interface Scrubber {

	/**
	 * Removes the parameters that the model rejects or ignores.
	 * @param options the complete options of the request
	 * @return the result, or {@code null} if there is nothing to change
	 * @throws io.github.grokspring.error.UnsupportedParameterException if unsupported
	 * parameters are configured to {@link OnUnsupported#FAIL fail}
	 */
	@Nullable Scrubbed scrub(GrokChatOptions options);

	/**
	 * Learns from a parameter that xAI has rejected.
	 * @param rejection the error of xAI
	 * @param sent the options of the rejected request
	 * @return the parameter that is removed or changed in further requests, or
	 * {@code null} if nothing was learned
	 */
	default @Nullable String learn(GrokApiException rejection, GrokChatOptions sent) {
		return null;
	}

	/**
	 * Returns the parameters that were learned from errors of xAI.
	 * @return the parameters by model; rejected values follow an equals sign and are
	 * replaced with {@code …} unless they are reasoning efforts
	 */
	default Map<String, Set<String>> learned() {
		return Map.of();
	}

	/**
	 * Creates a scrubber that is based on a catalog.
	 * @param catalog the catalog
	 * @param onUnsupported the handling of unsupported parameters
	 * @param learn whether to remove parameters that xAI has rejected although the
	 * catalog allows them; applies to {@link OnUnsupported#DROP} only
	 * @return the scrubber
	 */
	static Scrubber create(ModelCatalog catalog, OnUnsupported onUnsupported, boolean learn) {
		return new CatalogScrubber(Objects.requireNonNull(catalog, "'catalog' must not be null"),
				Objects.requireNonNull(onUnsupported, "'onUnsupported' must not be null"), learn);
	}

}
