package io.github.grokspring.scrub;

import java.util.Map;
import java.util.Objects;
import java.util.Set;

import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.error.GrokApiException;
import org.jspecify.annotations.Nullable;

/**
 * Knows which parameters the model of a request refuses. Implementations are safe for use
 * by several threads.
 *
 * @since 0.1.0
 */
public interface Scrubber {

	/**
	 * Take out of a request what its model refuses or ignores.
	 * @param options the complete options of the request
	 * @return what is to be sent instead, or {@code null} when there is nothing to change
	 * @throws io.github.grokspring.error.UnsupportedParameterException if the application
	 * wants to be told instead
	 */
	@Nullable Scrubbed scrub(GrokChatOptions options);

	/**
	 * Take note that xAI refused a parameter which was sent.
	 * @param refusal what xAI said
	 * @param sent the options that were sent
	 * @return the parameter, when it will be left out or changed from now on;
	 * {@code null} when nothing was learned
	 */
	default @Nullable String learn(GrokApiException refusal, GrokChatOptions sent) {
		return null;
	}

	/**
	 * What was learned from refusals of xAI and is not in the catalogue.
	 * @return the parameters by model; a refused value stands behind an equals sign, as
	 * it is if it is a reasoning effort, as {@code …} otherwise
	 */
	default Map<String, Set<String>> learned() {
		return Map.of();
	}

	/**
	 * A scrubber that goes by a catalogue.
	 * @param catalog what each model accepts
	 * @param onUnsupported what is done about the rest
	 * @param learn whether what xAI refuses in spite of the catalogue is left out from
	 * then on; only where parameters are {@link OnUnsupported#DROP dropped}
	 * @return the scrubber
	 */
	static Scrubber create(ModelCatalog catalog, OnUnsupported onUnsupported, boolean learn) {
		return new CatalogScrubber(Objects.requireNonNull(catalog, "'catalog' must not be null"),
				Objects.requireNonNull(onUnsupported, "'onUnsupported' must not be null"), learn);
	}

}
