package io.github.grokspring.fallback;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import io.github.grokspring.chain.GrokChatOptions;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.model.tool.StructuredOutputChatOptions;
import org.springframework.ai.model.tool.ToolCallingChatOptions;
import org.springframework.util.CollectionUtils;

/**
 * Makes of a prompt for Grok one that any {@link ChatModel} understands. Its options are
 * those of the other model, with what the caller asked for that is the same everywhere
 * over them; the model stays its own.
 */
final class PortablePrompts {

	private static final String PREFIX = "grok.";

	/**
	 * What stages hand down to one another in the context of tools: another model of this
	 * library is part of the call and goes on its account, others have no use for it.
	 */
	private static final String HANDED_DOWN = "io.github.grokspring.";

	private static final Set<String> KEYS = Set.of("citations", "reasoning", "reasoning-delta", "reasoningContent",
			"encrypted-reasoning");

	private PortablePrompts() {
	}

	static Prompt translate(Prompt asked, ChatModel model) {
		List<Message> messages = asked.getInstructions().stream().map(PortablePrompts::withoutOurs).toList();
		ChatOptions options = Objects.requireNonNull(asked.getOptions(), "The prompt must have complete options");
		return new Prompt(messages, options(options, model.getOptions()));
	}

	private static ChatOptions options(ChatOptions asked, ChatOptions own) {
		ToolCallingChatOptions.Builder<?> portable = portable(asked, own instanceof GrokChatOptions);
		ChatOptions.Builder<?> builder = own.mutate();
		boolean plain = builder.getClass() == ChatOptions.builder().getClass();
		if (plain && asked instanceof ToolCallingChatOptions tools
				&& !CollectionUtils.isEmpty(tools.getToolCallbacks())) {
			builder = ToolCallingChatOptions.builder().combineWith(builder);
		}
		builder.combineWith(portable);
		if (builder instanceof StructuredOutputChatOptions.Builder<?> structured
				&& asked instanceof StructuredOutputChatOptions shaped && shaped.getOutputSchema() != null) {
			structured.outputSchema(shaped.getOutputSchema());
		}
		return builder.build();
	}

	private static ToolCallingChatOptions.Builder<?> portable(ChatOptions asked, boolean ours) {
		ToolCallingChatOptions.Builder<?> portable = ToolCallingChatOptions.builder();
		portable.temperature(asked.getTemperature())
			.topP(asked.getTopP())
			.topK(asked.getTopK())
			.maxTokens(asked.getMaxTokens())
			.stopSequences(asked.getStopSequences())
			.presencePenalty(asked.getPresencePenalty())
			.frequencyPenalty(asked.getFrequencyPenalty());
		if (asked instanceof ToolCallingChatOptions tools) {
			if (!CollectionUtils.isEmpty(tools.getToolCallbacks())) {
				portable.toolCallbacks(tools.getToolCallbacks());
			}
			if (!CollectionUtils.isEmpty(tools.getToolContext())) {
				Map<String, Object> context = new LinkedHashMap<>(tools.getToolContext());
				if (!ours) {
					context.keySet().removeIf((key) -> key.startsWith(HANDED_DOWN));
				}
				portable.toolContext(context);
			}
		}
		return portable;
	}

	private static Message withoutOurs(Message message) {
		if (!(message instanceof AssistantMessage answer)
				|| answer.getMetadata().keySet().stream().noneMatch(PortablePrompts::isOurs)) {
			return message;
		}
		Map<String, Object> metadata = new LinkedHashMap<>(answer.getMetadata());
		metadata.keySet().removeIf(PortablePrompts::isOurs);
		return AssistantMessage.builder()
			.content(answer.getText())
			.properties(metadata)
			.toolCalls(answer.getToolCalls())
			.media(answer.getMedia())
			.build();
	}

	private static boolean isOurs(String key) {
		return key.startsWith(PREFIX) || KEYS.contains(key);
	}

}
