package io.github.grokspring.responses;

import java.util.List;
import java.util.Map;

import io.github.grokspring.catalog.ModelCatalog;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.messages.AssistantMessage;

/**
 * What of an answer has to go back to xAI unchanged for the model to go on from its own
 * reasoning: encrypted reasoning, and the uses of server-side tools with their encrypted
 * results. Lives in the metadata of the message as texts and lists of texts, so that it
 * survives any memory that keeps metadata.
 * <p>
 * An entry is the JSON of an item, byte for byte, or a mark for what the message itself
 * holds: its text, or the next one of its tool calls. Only the model that wrote the items
 * can read them.
 */
final class ReasoningItems {

	/** Metadata key of the entries, in the order of the answer. */
	static final String ITEMS = "grok.reasoning-items";

	/** Metadata key of the names by which the model that wrote them goes. */
	static final String MODELS = "grok.reasoning-models";

	/** Stands for the text of the message. */
	static final String TEXT = "message";

	/** Stands for the next tool call of the message. */
	static final String CALL = "function_call";

	private ReasoningItems() {
	}

	/**
	 * Whether an item is kept as it is.
	 * @param item the item
	 * @return whether it goes back unchanged
	 */
	static boolean isKept(Map<String, ?> item) {
		return switch (String.valueOf(item.get("type"))) {
			case "message", "function_call" -> false;
			case "reasoning" -> item.get("encrypted_content") instanceof String;
			default -> true;
		};
	}

	/**
	 * Note in the metadata of a message what goes back with it.
	 * @param properties the metadata
	 * @param entries the entries
	 * @param models the names by which the model goes
	 */
	static void write(Map<String, Object> properties, List<String> entries, List<String> models) {
		if (entries.stream().anyMatch(ReasoningItems::isItem)) {
			properties.put(ITEMS, List.copyOf(entries));
			properties.put(MODELS, models);
		}
	}

	/**
	 * What goes back with a message.
	 * @param message the message
	 * @param model the model that is asked
	 * @param catalog tells which names mean the same model
	 * @return the entries, none if the message has none or another model wrote them
	 */
	static List<String> of(AssistantMessage message, @Nullable String model, ModelCatalog catalog) {
		if (!(message.getMetadata().get(ITEMS) instanceof List<?> entries)
				|| !(message.getMetadata().get(MODELS) instanceof List<?> models) || model == null) {
			return List.of();
		}
		String asked = catalog.resolveId(model);
		boolean same = models.stream().anyMatch((name) -> asked.equals(catalog.resolveId(String.valueOf(name))));
		return same ? entries.stream().map(String::valueOf).toList() : List.of();
	}

	static boolean isItem(String entry) {
		return entry.startsWith("{");
	}

}
