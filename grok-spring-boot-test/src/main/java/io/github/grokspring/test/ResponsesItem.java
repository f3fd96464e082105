package io.github.grokspring.test;

import java.util.function.Consumer;

import tools.jackson.core.JsonGenerator;

/**
 * Output item of a response. Writes its initial and final form and the events in between.
 */
sealed interface ResponsesItem permits FunctionCallItem, MessageItem, ReasoningItem, ToolItem {

	String id();

	String type();

	/**
	 * Writes all fields but id, type and status.
	 */
	void write(JsonGenerator json, boolean done);

	/**
	 * Emits the events between the initial and the final form.
	 */
	void emit(EventSink sink);

	/**
	 * Returns whether the item is added before the model has finished reasoning.
	 */
	default boolean startsBeforeReasoning() {
		return false;
	}

	default void writeObject(JsonGenerator json, boolean done) {
		json.writeStringProperty("id", id());
		json.writeStringProperty("type", type());
		write(json, done);
		json.writeStringProperty("status", done ? "completed" : "in_progress");
	}

	/**
	 * Receives the events of an item. ID and index of the item are added to each event.
	 */
	interface EventSink {

		void event(String name, Consumer<JsonGenerator> fields);

		void opening(String name, Consumer<JsonGenerator> fields);

		void reasoning(String piece);

		void text(String piece);

		void endText();

	}

}
