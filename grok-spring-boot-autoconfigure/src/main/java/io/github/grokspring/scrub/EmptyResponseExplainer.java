package io.github.grokspring.scrub;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import io.github.grokspring.catalog.GrokModel;
import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.chain.LogSanitizer;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.metadata.Usage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.ChatOptions;

/**
 * Explains responses without text and responses whose tool calls were removed.
 */
final class EmptyResponseExplainer {

	private static final List<String> DETAILS = List.of("completion_tokens_details", "output_tokens_details");

	private static final Set<String> LIMIT_REACHED = Set.of("LENGTH", "MAX_TOKENS", "MODEL_LENGTH",
			"MAX_OUTPUT_TOKENS");

	private final ModelCatalog catalog;

	EmptyResponseExplainer(ModelCatalog catalog) {
		this.catalog = catalog;
	}

	/**
	 * Explains an empty response that reached the token limit.
	 * @param response the response, or the last element of the stream
	 * @param options the options of the request
	 * @return the explanation
	 */
	String explain(ChatResponse response, ChatOptions options) {
		GrokModel model = this.catalog.get(String.valueOf(options.getModel()));
		Long reasoningTokens = reasoningTokens(response.getMetadata().getUsage());
		String requestedEffort = (options instanceof GrokChatOptions grok) ? grok.getReasoningEffort() : null;
		boolean reasoned = (reasoningTokens != null) ? reasoningTokens > 0 : model.thinks(requestedEffort);
		StringBuilder text = new StringBuilder("The token limit was reached before any text was written");
		if (reasoned) {
			text.append(": all ")
				.append((reasoningTokens != null) ? reasoningTokens + " tokens" : "tokens")
				.append(" were used for reasoning");
		}
		String separator = " (";
		if (options.getMaxTokens() != null) {
			text.append(separator).append("max-tokens ").append(options.getMaxTokens());
			separator = ", ";
		}
		String effort = (requestedEffort != null) ? requestedEffort : model.defaultReasoningEffort();
		if (reasoned && effort != null) {
			text.append(separator).append("reasoning effort '").append(effort).append('\'');
			separator = ", ";
		}
		if (separator.equals(", ")) {
			text.append(')');
		}
		text.append(". Increase max-tokens");
		if (reasoned) {
			text.append(model.reasoningEfforts().isEmpty() ? ", or choose a model that supports a reasoning effort"
					: " or lower the reasoning effort");
		}
		return text.append('.').toString();
	}

	/**
	 * Explains an empty response that is complete according to its finish reason.
	 * @param response the response, or the last element of the stream
	 * @return the explanation, or {@code null} if the reason is not known
	 */
	@Nullable String explainStop(ChatResponse response) {
		Long reasoning = reasoningTokens(response.getMetadata().getUsage());
		if (reasoning == null || reasoning == 0 || isFiltered(response)) {
			return null;
		}
		return "The model ended without text: all " + reasoning
				+ " tokens were used for reasoning. Send the request again, or lower the reasoning effort.";
	}

	/**
	 * Explains why tool calls were removed from a response.
	 * @param response the response, or the last element of the stream
	 * @param options the options of the request
	 * @return the explanation
	 */
	String explainTruncated(ChatResponse response, ChatOptions options) {
		String result = " The tool calls may be incomplete, so they are not executed.";
		if (LIMIT_REACHED.contains(finishReason(response).toUpperCase(Locale.ROOT))) {
			String limit = (options.getMaxTokens() != null) ? "max-tokens " + options.getMaxTokens()
					: "max-tokens is not set, so the limit of the model applies";
			return "The token limit was reached before the tool calls were complete (" + limit + ")." + result
					+ " Increase max-tokens, or request less at once.";
		}
		return "The response ended early, with finish reason '" + LogSanitizer.sanitize(finishReason(response)) + "'."
				+ result;
	}

	private static boolean isFiltered(ChatResponse response) {
		return "CONTENT_FILTER".equalsIgnoreCase(finishReason(response));
	}

	private static String finishReason(ChatResponse response) {
		Generation generation = response.getResult();
		String reason = (generation != null) ? generation.getMetadata().getFinishReason() : null;
		return (reason != null) ? reason : "";
	}

	private static @Nullable Long reasoningTokens(@Nullable Usage usage) {
		if (usage != null && usage.getNativeUsage() instanceof Map<?, ?> counts) {
			for (String details : DETAILS) {
				if (counts.get(details) instanceof Map<?, ?> detail
						&& detail.get("reasoning_tokens") instanceof Number tokens) {
					return tokens.longValue();
				}
			}
		}
		return null;
	}

}
