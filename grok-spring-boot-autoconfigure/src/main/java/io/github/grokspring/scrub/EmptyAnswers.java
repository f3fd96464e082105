package io.github.grokspring.scrub;

import java.util.List;
import java.util.Map;

import io.github.grokspring.catalog.GrokModel;
import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.GrokChatOptions;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.metadata.Usage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.ChatOptions;

/**
 * Explains answers that reached the limit of tokens before they had any text.
 */
final class EmptyAnswers {

	private static final List<String> DETAILS = List.of("completion_tokens_details", "output_tokens_details");

	private final ModelCatalog catalog;

	EmptyAnswers(ModelCatalog catalog) {
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
