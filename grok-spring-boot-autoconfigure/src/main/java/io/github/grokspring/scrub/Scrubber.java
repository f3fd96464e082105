package io.github.grokspring.scrub;

import java.util.Map;
import java.util.Set;

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
	 * @return the parameters by model; a refused value stands behind an equals sign
	 */
	default Map<String, Set<String>> learned() {
		return Map.of();
	}

}
