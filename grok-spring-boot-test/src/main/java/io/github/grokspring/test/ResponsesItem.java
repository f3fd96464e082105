package io.github.grokspring.test;

import java.util.function.Consumer;

import tools.jackson.core.JsonGenerator;

/**
 * One item of the output of a response: it knows its final form, its form when a stream
 * announces it, and what a stream tells in between.
 */
sealed interface ResponsesItem permits FunctionCallItem, MessageItem, ReasoningItem, ToolItem {

	String id();

	String type();

	/**
	 * Writes everything but id, type and status.
	 * @param json in the object of the item
	 * @param done whether it is the final form
	 */
	void write(JsonGenerator json, boolean done);

	/**
	 * Tells a stream what happens between announcement and final form.
	 * @param stage where it is told
	 */
	void play(Stage stage);

	/**
	 * Whether the item is announced while the model still thinks.
	 * @return {@code false} if the thinking comes first
	 */
	default boolean opensThinking() {
		return false;
	}

	default void writeObject(JsonGenerator json, boolean done) {
		json.writeStringProperty("id", id());
		json.writeStringProperty("type", type());
		write(json, done);
		json.writeStringProperty("status", done ? "completed" : "in_progress");
	}

	/**
	 * Where an item tells of itself. Id and index of the item are added to every event.
	 */
	interface Stage {

		void event(String name, Consumer<JsonGenerator> fields);

		/**
		 * An event that belongs to the announcement and does not wait for the model.
		 * @param name name of the event without its prefix
		 * @param fields its fields
		 */
		void opening(String name, Consumer<JsonGenerator> fields);

		/**
		 * Tells a piece of reasoning.
		 * @param piece the piece
		 */
		void reasoning(String piece);

		/**
		 * Tells a piece of the visible text.
		 * @param piece the piece
		 */
		void text(String piece);

		/**
		 * Says that all of the visible text has been told.
		 */
		void textEnds();

	}

}
