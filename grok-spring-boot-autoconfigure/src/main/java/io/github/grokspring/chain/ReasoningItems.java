package io.github.grokspring.chain;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.github.grokspring.catalog.ModelCatalog;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.MessageType;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.util.CollectionUtils;

/**
 * Output items that are sent back to xAI unchanged, so that the model can continue its
 * reasoning: encrypted reasoning, and uses of server-side tools with their encrypted
 * results. They are stored in the message metadata as a list of strings, which survives
 * any chat memory that keeps metadata.
 * <p>
 * An entry is either the JSON of an item, byte for byte, or a marker for the text or the
 * next tool call of the message. Only the model that wrote the items can read them.
 * <p>
 * Items are always sent back within a turn, that is, until the next user message. They
 * are sent back in later turns if encrypted reasoning was enabled or xAI returned it
 * without being requested.
 *
 * @since 0.1.0
 */
public final class ReasoningItems {

	/** Metadata key of the entries, in the order of the response. */
	public static final String ITEMS = "grok.reasoning-items";

	/** Metadata key of the names of the model that wrote the items. */
	public static final String MODELS = "grok.reasoning-models";

	/** Marker for the text of the message. */
	public static final String TEXT = "message";

	/** Marker for the next tool call of the message. */
	public static final String CALL = "function_call";

	// First entry of items that are sent back only in the current turn
	private static final String CURRENT_TURN_ONLY = "turn";

	private static final String ENCRYPTED = "\"encrypted_content\"";

	private ReasoningItems() {
	}

	/**
	 * Whether an output item is sent back unchanged.
	 * @param item the item
	 * @return {@code false} for items that are part of the message and for reasoning that
	 * is not encrypted
	 */
	public static boolean isReplayable(Map<String, ?> item) {
		return switch (String.valueOf(item.get("type"))) {
			case "message", "function_call" -> false;
			case "reasoning" -> item.get("encrypted_content") instanceof String;
			default -> true;
		};
	}

	/**
	 * Whether to request encrypted reasoning: if it is enabled, or if tools are offered
	 * to a model that reasons.
	 * @param options the options of the request
	 * @param catalog the model catalog
	 * @return {@code true} to include encrypted reasoning in the response
	 */
	public static boolean isRequested(GrokChatOptions options, ModelCatalog catalog) {
		return isEnabled(options) || (offersTools(options)
				&& catalog.get(String.valueOf(options.getModel())).thinks(options.getReasoningEffort()));
	}

	static boolean offersTools(GrokChatOptions options) {
		return !CollectionUtils.isEmpty(options.getToolCallbacks());
	}

	/**
	 * Stores the items of a response in the metadata of its message.
	 * @param properties the metadata
	 * @param entries the entries
	 * @param models the names of the model that wrote them
	 * @param options the options of the request
	 * @param hasToolCalls whether the response has tool calls of the application
	 * @param catalog the model catalog
	 */
	public static void write(Map<String, Object> properties, List<String> entries, List<String> models,
			GrokChatOptions options, boolean hasToolCalls, ModelCatalog catalog) {
		boolean enabled = isEnabled(options);
		boolean hasItems = false;
		for (String entry : entries) {
			hasItems |= enabled ? isItem(entry) : isEncrypted(entry);
		}
		if (!hasItems) {
			return;
		}
		if (enabled || isUnsolicited(models, options, catalog)) {
			properties.put(ITEMS, List.copyOf(entries));
			properties.put(MODELS, models);
		}
		else if (hasToolCalls) {
			List<String> marked = new ArrayList<>(entries.size() + 1);
			marked.add(CURRENT_TURN_ONLY);
			marked.addAll(entries);
			properties.put(ITEMS, List.copyOf(marked));
			properties.put(MODELS, models);
		}
	}

	private static boolean isUnsolicited(List<String> models, GrokChatOptions options, ModelCatalog catalog) {
		return !isRequested(options, catalog)
				|| models.stream().anyMatch((model) -> catalog.resolve(model).returnsEncryptedReasoning());
	}

	/**
	 * Returns the start of the turn that a prompt continues.
	 * @param messages the messages of the prompt
	 * @return the index of the last user message, or -1 if there is none
	 */
	public static int turnStart(List<Message> messages) {
		int start = messages.size() - 1;
		while (start >= 0 && messages.get(start).getMessageType() != MessageType.USER) {
			start--;
		}
		return start;
	}

	/**
	 * Returns the entries to send back with a message.
	 * @param message the message
	 * @param currentTurn whether the message belongs to the turn that the prompt
	 * continues
	 * @param options the options of the request
	 * @param catalog the model catalog
	 * @return the entries, empty if there are none for the requested model
	 */
	public static List<String> entriesFor(AssistantMessage message, boolean currentTurn, GrokChatOptions options,
			ModelCatalog catalog) {
		if (!(message.getMetadata().get(ITEMS) instanceof List<?> entries) || entries.isEmpty()
				|| !(message.getMetadata().get(MODELS) instanceof List<?> models) || options.getModel() == null
				|| (CURRENT_TURN_ONLY.equals(entries.get(0)) && !currentTurn && !isEnabled(options))) {
			return List.of();
		}
		String requestedModel = catalog.resolveId(options.getModel());
		boolean same = models.stream()
			.anyMatch((name) -> requestedModel.equals(catalog.resolveId(String.valueOf(name))));
		return same ? entries.stream().map(String::valueOf).toList() : List.of();
	}

	private static boolean isEnabled(GrokChatOptions options) {
		return Boolean.TRUE.equals(options.getEncryptedReasoning());
	}

	static boolean hasItems(Prompt prompt, GrokChatOptions options, ModelCatalog catalog) {
		List<Message> messages = prompt.getInstructions();
		int turn = Integer.MIN_VALUE;
		for (int i = 0; i < messages.size(); i++) {
			if (messages.get(i) instanceof AssistantMessage message && message.getMetadata().containsKey(ITEMS)) {
				turn = (turn == Integer.MIN_VALUE) ? turnStart(messages) : turn;
				if (entriesFor(message, i > turn, options, catalog).stream().anyMatch(ReasoningItems::isItem)) {
					return true;
				}
			}
		}
		return false;
	}

	/**
	 * Whether an entry is the JSON of an item rather than a marker.
	 * @param entry the entry
	 * @return {@code true} if it is an item
	 */
	public static boolean isItem(String entry) {
		return entry.startsWith("{");
	}

	/**
	 * Whether an entry is an item with encrypted content.
	 * @param entry the entry
	 * @return {@code true} if it is encrypted
	 */
	public static boolean isEncrypted(String entry) {
		return isItem(entry) && entry.contains(ENCRYPTED);
	}

}
