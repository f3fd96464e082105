package io.github.grokspring.chain;

import io.github.grokspring.catalog.GrokModel;
import io.github.grokspring.catalog.ModelCatalog;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.prompt.Prompt;

/**
 * Selects the endpoint for a request.
 *
 * @since 0.1.0
 */
public final class EndpointSelector {

	private EndpointSelector() {
	}

	/**
	 * Returns the feature for which a request needs the Responses API.
	 * @param options the options of the request
	 * @param catalog the model catalog
	 * @return a description of the feature, or {@code null} if Chat Completions supports
	 * the request
	 */
	public static @Nullable String findRequirement(GrokChatOptions options, ModelCatalog catalog) {
		String requirement = findHardRequirement(options, catalog);
		return (requirement == null && Boolean.TRUE.equals(options.getEncryptedReasoning())) ? "encrypted reasoning"
				: requirement;
	}

	private static @Nullable String findHardRequirement(GrokChatOptions options, ModelCatalog catalog) {
		if (!options.getServerTools().isEmpty()) {
			return "the server-side tool '" + options.getServerTools().get(0).type() + "'";
		}
		if (options.getPreviousResponseId() != null) {
			return "a previous response";
		}
		if (options.getMaxTurns() != null) {
			return "a limit on turns";
		}
		if (!options.getInclude().isEmpty()) {
			return "'" + LogSanitizer.sanitize(options.getInclude().get(0)) + "' in 'include'";
		}
		return (options.getModel() != null && isResponsesOnly(catalog.get(options.getModel())))
				? "the model '" + LogSanitizer.sanitize(options.getModel()) + "'" : null;
	}

	/**
	 * Selects the endpoint for a prompt.
	 * @param prompt the prompt
	 * @param options the options of the prompt
	 * @param catalog the model catalog
	 * @return the endpoint, never {@link GrokApi#AUTO}
	 */
	public static GrokApi select(Prompt prompt, GrokChatOptions options, ModelCatalog catalog) {
		GrokApi api = select(options, catalog);
		boolean chosen = options.getApi() != null && options.getApi() != GrokApi.AUTO;
		return (!chosen && api == GrokApi.CHAT_COMPLETIONS && ReasoningItems.hasItems(prompt, options, catalog))
				? GrokApi.RESPONSES : api;
	}

	/**
	 * Selects the endpoint for a request, ignoring encrypted reasoning in its messages.
	 * @param options the options of the request
	 * @param catalog the model catalog
	 * @return the endpoint, never {@link GrokApi#AUTO}
	 */
	public static GrokApi select(GrokChatOptions options, ModelCatalog catalog) {
		if (options.getApi() != null && options.getApi() != GrokApi.AUTO) {
			return options.getApi();
		}
		// Chat Completions can store a response, but not continue it
		boolean responses = Boolean.TRUE.equals(options.getStore()) || findRequirement(options, catalog) != null
				|| losesReasoning(options, catalog);
		return responses ? GrokApi.RESPONSES : GrokApi.CHAT_COMPLETIONS;
	}

	/**
	 * Whether the model loses its reasoning between tool calls on Chat Completions, which
	 * cannot send it back.
	 * @param options the options of the request
	 * @param catalog the model catalog
	 * @return {@code true} if tools are offered to a model that always reasons
	 */
	public static boolean losesReasoning(GrokChatOptions options, ModelCatalog catalog) {
		return options.getModel() != null && ReasoningItems.offersTools(options)
				&& catalog.get(options.getModel()).reasoning() == GrokModel.Reasoning.ALWAYS;
	}

	/**
	 * Whether Chat Completions may be used if the Responses API is not available. Only
	 * reasoning between tool calls and turns is lost in this case.
	 * @param options the options of the request
	 * @param catalog the model catalog
	 * @return {@code true} if the request does not depend on the Responses API
	 */
	public static boolean canFallBack(GrokChatOptions options, ModelCatalog catalog) {
		return (options.getApi() == null || options.getApi() == GrokApi.AUTO)
				&& !Boolean.TRUE.equals(options.getStore()) && findHardRequirement(options, catalog) == null;
	}

	private static boolean isResponsesOnly(GrokModel model) {
		return model.endpoints().contains(GrokModel.Endpoint.RESPONSES)
				&& !model.endpoints().contains(GrokModel.Endpoint.CHAT_COMPLETIONS);
	}

}
