package io.github.grokspring.chain;

import io.github.grokspring.catalog.GrokModel;
import io.github.grokspring.catalog.ModelCatalog;
import org.jspecify.annotations.Nullable;

/**
 * What of a request only the Responses API can do.
 *
 * @since 0.1.0
 */
public final class ResponsesNeeds {

	private ResponsesNeeds() {
	}

	/**
	 * Why a request needs the Responses API.
	 * @param options the options of the request
	 * @param catalog tells which endpoints serve its model
	 * @return the first thing that needs it, in words, or {@code null} if Chat
	 * Completions can answer
	 */
	public static @Nullable String of(GrokChatOptions options, ModelCatalog catalog) {
		if (!options.getServerTools().isEmpty()) {
			return "the server-side tool '" + options.getServerTools().get(0).type() + "'";
		}
		if (Boolean.TRUE.equals(options.getEncryptedReasoning())) {
			return "encrypted reasoning";
		}
		if (options.getPreviousResponseId() != null) {
			return "a previous response";
		}
		if (options.getMaxTurns() != null) {
			return "a limit of turns";
		}
		if (!options.getInclude().isEmpty()) {
			return "'" + options.getInclude().get(0) + "' to be included";
		}
		return (options.getModel() != null && isServedThereOnly(catalog.get(options.getModel())))
				? "the model '" + options.getModel() + "'" : null;
	}

	/**
	 * The endpoint that answers a request.
	 * @param options the options of the request
	 * @param catalog tells which endpoints serve its model
	 * @return the endpoint, never {@link GrokApi#AUTO}
	 */
	public static GrokApi endpoint(GrokChatOptions options, ModelCatalog catalog) {
		if (options.getApi() != null && options.getApi() != GrokApi.AUTO) {
			return options.getApi();
		}
		// Chat Completions can be asked to store an answer, but nothing can be done with
		// it
		boolean responses = Boolean.TRUE.equals(options.getStore()) || of(options, catalog) != null;
		return responses ? GrokApi.RESPONSES : GrokApi.CHAT_COMPLETIONS;
	}

	private static boolean isServedThereOnly(GrokModel model) {
		return model.endpoints().contains(GrokModel.Endpoint.RESPONSES)
				&& !model.endpoints().contains(GrokModel.Endpoint.CHAT_COMPLETIONS);
	}

}
