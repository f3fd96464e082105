package io.github.grokspring.chain;

import io.github.grokspring.catalog.GrokModel;
import io.github.grokspring.catalog.ModelCatalog;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.prompt.Prompt;

/**
 * Which endpoint answers a request: what only the Responses API can do, and what it does
 * better.
 *
 * @since 0.1.0
 */
public final class EndpointSelector {

	private EndpointSelector() {
	}

	/**
	 * Why a request needs the Responses API.
	 * @param options the options of the request
	 * @param catalog tells which endpoints serve its model
	 * @return the first thing that needs it, in words, or {@code null} if Chat
	 * Completions can answer
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
	 * The endpoint that answers a request.
	 * @param prompt the request
	 * @param options its options
	 * @param catalog tells which endpoints serve its model, and whether it reasons
	 * @return the endpoint, never {@link GrokApi#AUTO}
	 */
	public static GrokApi select(Prompt prompt, GrokChatOptions options, ModelCatalog catalog) {
		GrokApi api = select(options, catalog);
		boolean chosen = options.getApi() != null && options.getApi() != GrokApi.AUTO;
		return (!chosen && api == GrokApi.CHAT_COMPLETIONS && ReasoningItems.hasItems(prompt, options, catalog))
				? GrokApi.RESPONSES : api;
	}

	/**
	 * The endpoint that answers a request whose conversation holds no encrypted
	 * reasoning.
	 * @param options the options of the request
	 * @param catalog tells which endpoints serve its model, and whether it reasons
	 * @return the endpoint, never {@link GrokApi#AUTO}
	 */
	public static GrokApi select(GrokChatOptions options, ModelCatalog catalog) {
		if (options.getApi() != null && options.getApi() != GrokApi.AUTO) {
			return options.getApi();
		}
		// Chat Completions can be asked to store an answer, but nothing can be done with
		// it
		boolean responses = Boolean.TRUE.equals(options.getStore()) || findRequirement(options, catalog) != null
				|| losesReasoning(options, catalog);
		return responses ? GrokApi.RESPONSES : GrokApi.CHAT_COMPLETIONS;
	}

	/**
	 * Whether the model would lose its reasoning between rounds of tools on Chat
	 * Completions, which cannot send it back.
	 * @param options the options of the request
	 * @param catalog tells whether its model always reasons
	 * @return whether tools of the application are offered to such a model
	 */
	public static boolean losesReasoning(GrokChatOptions options, ModelCatalog catalog) {
		return options.getModel() != null && ReasoningItems.offersTools(options)
				&& catalog.get(options.getModel()).reasoning() == GrokModel.Reasoning.ALWAYS;
	}

	/**
	 * Whether Chat Completions may answer a request instead, where there is no Responses
	 * API: the request leaves the choice, and what it loses is reasoning between rounds
	 * and turns.
	 * @param options the options of the request
	 * @param catalog tells which endpoints serve its model
	 * @return whether it may
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
