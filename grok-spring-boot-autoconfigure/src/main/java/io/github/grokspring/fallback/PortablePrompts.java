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
 * Translates prompts for Grok into prompts that any {@link ChatModel} understands. The
 * options are those of the other model, overridden by the portable options of the caller;
 * the model name is kept.
 */
final class PortablePrompts {

	private static final String METADATA_PREFIX = "grok.";

	// Prefix of tool context entries that stages pass on; models of this library take
	// part
	// in the same call and need them
	private static final String INTERNAL_PREFIX = "io.github.grokspring.";

	private static final Set<String> METADATA_KEYS = Set.of("citations", "reasoning", "reasoning-delta",
			"reasoningContent", "encrypted-reasoning");

	private PortablePrompts() {
	}

	static Prompt translate(Prompt prompt, ChatModel model) {
		List<Message> messages = prompt.getInstructions().stream().map(PortablePrompts::withoutGrokMetadata).toList();
		ChatOptions options = Objects.requireNonNull(prompt.getOptions(), "The prompt must have complete options");
		return new Prompt(messages, options(options, model.getOptions()));
	}

	private static ChatOptions options(ChatOptions requested, ChatOptions target) {
		ToolCallingChatOptions.Builder<?> portable = portable(requested, target instanceof GrokChatOptions);
		ChatOptions.Builder<?> builder = target.mutate();
		boolean plain = builder.getClass() == ChatOptions.builder().getClass();
		if (plain && requested instanceof ToolCallingChatOptions tools
				&& !CollectionUtils.isEmpty(tools.getToolCallbacks())) {
			builder = ToolCallingChatOptions.builder().combineWith(builder);
		}
		builder.combineWith(portable);
		if (builder instanceof StructuredOutputChatOptions.Builder<?> structured
				&& requested instanceof StructuredOutputChatOptions shaped && shaped.getOutputSchema() != null) {
			structured.outputSchema(shaped.getOutputSchema());
		}
		return builder.build();
	}

	private static ToolCallingChatOptions.Builder<?> portable(ChatOptions requested, boolean grok) {
		ToolCallingChatOptions.Builder<?> portable = ToolCallingChatOptions.builder();
		portable.temperature(requested.getTemperature())
			.topP(requested.getTopP())
			.topK(requested.getTopK())
			.maxTokens(requested.getMaxTokens())
			.stopSequences(requested.getStopSequences())
			.presencePenalty(requested.getPresencePenalty())
			.frequencyPenalty(requested.getFrequencyPenalty());
		if (requested instanceof ToolCallingChatOptions tools) {
			if (!CollectionUtils.isEmpty(tools.getToolCallbacks())) {
				portable.toolCallbacks(tools.getToolCallbacks());
			}
			if (!CollectionUtils.isEmpty(tools.getToolContext())) {
				Map<String, Object> context = new LinkedHashMap<>(tools.getToolContext());
				if (!grok) {
					context.keySet().removeIf((key) -> key.startsWith(INTERNAL_PREFIX));
				}
				portable.toolContext(context);
			}
		}
		return portable;
	}

	private static Message withoutGrokMetadata(Message message) {
		if (!(message instanceof AssistantMessage assistantMessage)
				|| assistantMessage.getMetadata().keySet().stream().noneMatch(PortablePrompts::isGrokMetadata)) {
			return message;
		}
		Map<String, Object> metadata = new LinkedHashMap<>(assistantMessage.getMetadata());
		metadata.keySet().removeIf(PortablePrompts::isGrokMetadata);
		return AssistantMessage.builder()
			.content(assistantMessage.getText())
			.properties(metadata)
			.toolCalls(assistantMessage.getToolCalls())
			.media(assistantMessage.getMedia())
			.build();
	}

	private static boolean isGrokMetadata(String key) {
		return key.startsWith(METADATA_PREFIX) || METADATA_KEYS.contains(key);
	}

}
