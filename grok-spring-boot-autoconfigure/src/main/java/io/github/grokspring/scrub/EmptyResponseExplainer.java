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
 * Explains answers without text, and answers whose tool calls were removed.
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
	 * Explain an empty answer.
	 * @param answer the answer, or the last element of its stream
	 * @param asked the options that it answers
	 * @return a sentence or two
	 */
	String explain(ChatResponse answer, ChatOptions asked) {
		GrokModel model = this.catalog.get(String.valueOf(asked.getModel()));
		Long counted = reasoningTokens(answer.getMetadata().getUsage());
		String set = (asked instanceof GrokChatOptions options) ? options.getReasoningEffort() : null;
		boolean thought = (counted != null) ? counted > 0 : model.thinks(set);
		StringBuilder text = new StringBuilder("It reached its limit of tokens before there was any text");
		if (thought) {
			text.append(": all ")
				.append((counted != null) ? counted + " tokens" : "tokens")
				.append(" went into thinking");
		}
		String separator = " (";
		if (asked.getMaxTokens() != null) {
			text.append(separator).append("max-tokens ").append(asked.getMaxTokens());
			separator = ", ";
		}
		String effort = (set != null) ? set : model.defaultReasoningEffort();
		if (thought && effort != null) {
			text.append(separator).append("reasoning effort '").append(effort).append('\'');
			separator = ", ";
		}
		if (separator.equals(", ")) {
			text.append(')');
		}
		text.append(". Raise max-tokens");
		if (thought) {
			text.append(model.reasoningEfforts().isEmpty() ? ", or choose a model that takes a reasoning effort"
					: " or lower the reasoning effort");
		}
		return text.append('.').toString();
	}

	/**
	 * Explain an empty answer that says of itself that it is complete.
	 * @param answer the answer, or the last element of its stream
	 * @return a sentence or two, or {@code null} if nothing is known of it
	 */
	@Nullable String explainStop(ChatResponse answer) {
		Long reasoning = reasoningTokens(answer.getMetadata().getUsage());
		if (reasoning == null || reasoning == 0 || isRefused(answer)) {
			return null;
		}
		return "The model ended without any text: all " + reasoning
				+ " tokens went into thinking. Send the request again, or lower the reasoning effort.";
	}

	/**
	 * Explain why tool calls were removed from an answer.
	 * @param answer the answer, or the last element of its stream
	 * @param asked the options that it answers
	 * @return a sentence or two
	 */
	String explainTruncated(ChatResponse answer, ChatOptions asked) {
		String result = " The tool calls may be incomplete, so they are not executed.";
		if (LIMIT_REACHED.contains(finishReason(answer).toUpperCase(Locale.ROOT))) {
			String limit = (asked.getMaxTokens() != null) ? "max-tokens " + asked.getMaxTokens()
					: "max-tokens is not set, so it is that of the model";
			return "It reached its limit of tokens before its tool calls were complete (" + limit + ")." + result
					+ " Raise max-tokens, or ask for less at once.";
		}
		return "It ended early, with finish reason '" + LogSanitizer.sanitize(finishReason(answer)) + "'." + result;
	}

	private static boolean isRefused(ChatResponse answer) {
		return "CONTENT_FILTER".equalsIgnoreCase(finishReason(answer));
	}

	private static String finishReason(ChatResponse answer) {
		Generation generation = answer.getResult();
		String reason = (generation != null) ? generation.getMetadata().getFinishReason() : null;
		return (reason != null) ? reason : "";
	}

	// Both endpoints count what was thought in the details of what was written.
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
