package io.github.grokspring.test;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Consumer;

import io.github.grokspring.test.Course.ErrorText;
import io.github.grokspring.test.Outgoing.Step;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * The events of one streamed response, item by item. An event is written only when its
 * turn comes.
 */
final class ResponseEvents implements Iterator<Step> {

	private final ResponseObject response;

	private final Course course;

	private final Iterator<ResponsesItem> items;

	private final Deque<Beat> beats = new ArrayDeque<>();

	private int nextPlace;

	private int textsSent;

	private int sequence;

	private boolean played;

	private boolean begun;

	private boolean stalled;

	ResponseEvents(ResponseObject response, Course course) {
		this.response = response;
		this.course = course;
		this.items = response.output().iterator();
		for (String name : new String[] { "created", "in_progress" }) {
			add(Tempo.OPENING, "response." + name, (json) -> wholeResponse(json, false));
		}
	}

	@Override
	public boolean hasNext() {
		while (this.beats.isEmpty() && !this.played) {
			playOn();
		}
		return !this.beats.isEmpty();
	}

	@Override
	public Step next() {
		if (!hasNext()) {
			throw new NoSuchElementException();
		}
		Beat beat = this.beats.remove();
		return new Step(delay(beat.tempo()), beat.bytes().at(this.sequence++));
	}

	private void playOn() {
		if (!this.items.hasNext()) {
			end();
			return;
		}
		ResponsesItem item = this.items.next();
		int place = this.nextPlace++;
		if (this.course.isCut() && item instanceof FunctionCallItem) {
			breakOff();
			return;
		}
		add(item.opensThinking() ? Tempo.OPENING : Tempo.FOLLOWING, "response.output_item.added",
				(json) -> wholeItem(json, item, place, false));
		item.play(new ItemStage(item, place));
		add(Tempo.FOLLOWING, "response.output_item.done", (json) -> wholeItem(json, item, place, true));
	}

	private void end() {
		if (this.course.isCut()) {
			breakOff();
			return;
		}
		if (!"in_progress".equals(this.response.status())) {
			add(Tempo.FOLLOWING, "response." + this.response.status(), (json) -> wholeResponse(json, true));
		}
		this.played = true;
	}

	private void breakOff() {
		ErrorText error = this.course.error();
		if (error != null) {
			add(Tempo.FOLLOWING, "error", (json) -> {
				json.writeStringProperty("code", error.code());
				json.writeStringProperty("message", error.text());
				json.writeNullProperty("param");
			});
		}
		this.played = true;
	}

	private void wholeResponse(JsonGenerator json, boolean done) {
		json.writeObjectPropertyStart("response");
		this.response.write(json, done, true);
		json.writeEndObject();
	}

	private static void wholeItem(JsonGenerator json, ResponsesItem item, int place, boolean done) {
		json.writeObjectPropertyStart("item");
		item.writeObject(json, done);
		json.writeEndObject();
		json.writeNumberProperty("output_index", place);
	}

	private void add(Tempo tempo, String type, Consumer<JsonGenerator> fields) {
		if (!this.played) {
			this.beats.add(new Beat(tempo, (number) -> EventWriter.event(type, number, fields)));
		}
	}

	private long delay(Tempo tempo) {
		if (tempo == Tempo.OPENING) {
			return 0;
		}
		long delay = (tempo == Tempo.FOLLOWING) ? 0 : this.course.paceNanos();
		if (!this.begun) {
			this.begun = true;
			delay = Math.max(delay, this.course.thinkingNanos());
		}
		boolean amongTexts = tempo == Tempo.TEXT || this.textsSent > 0;
		if (amongTexts && !this.stalled && this.textsSent == this.course.stallAfter()) {
			this.stalled = true;
			delay += this.course.stallNanos();
		}
		this.textsSent += (tempo == Tempo.TEXT) ? 1 : 0;
		return delay;
	}

	/**
	 * Takes what one item tells.
	 */
	private final class ItemStage implements ResponsesItem.Stage {

		private final ResponsesItem item;

		private final int place;

		private int texts;

		private @Nullable DeltaWriter deltas;

		ItemStage(ResponsesItem item, int place) {
			this.item = item;
			this.place = place;
		}

		@Override
		public void event(String name, Consumer<JsonGenerator> fields) {
			tell(Tempo.FOLLOWING, name, fields);
		}

		@Override
		public void opening(String name, Consumer<JsonGenerator> fields) {
			tell(Tempo.OPENING, name, fields);
		}

		@Override
		public void reasoning(String piece) {
			delta(Tempo.PIECE, "reasoning_summary_text", piece, "\"summary_index\":0");
		}

		@Override
		public void text(String piece) {
			if (!ResponseEvents.this.course.isCut() || this.texts < ResponseEvents.this.course.endAfter()) {
				this.texts++;
				delta(Tempo.TEXT, "output_text", piece, "\"content_index\":0,\"logprobs\":[]");
			}
		}

		@Override
		public void textEnds() {
			if (ResponseEvents.this.course.isCut()) {
				breakOff();
			}
		}

		private void tell(Tempo tempo, String name, Consumer<JsonGenerator> fields) {
			add(tempo, "response." + name, (json) -> {
				json.writeStringProperty("item_id", this.item.id());
				json.writeNumberProperty("output_index", this.place);
				fields.accept(json);
			});
		}

		private void delta(Tempo tempo, String name, String piece, String fields) {
			DeltaWriter writer = this.deltas;
			if (writer == null) {
				writer = new DeltaWriter(name, this.item.id(), this.place, fields);
				this.deltas = writer;
			}
			DeltaWriter same = writer;
			ResponseEvents.this.beats.add(new Beat(tempo, (number) -> same.delta(number, piece)));
		}

	}

	/**
	 * When an event is due.
	 */
	private enum Tempo {

		/**
		 * Before the model has thought.
		 */
		OPENING,

		/**
		 * Together with the event before it.
		 */
		FOLLOWING,

		/**
		 * At the pace of the answer.
		 */
		PIECE,

		/**
		 * At the pace of the answer, and counted.
		 */
		TEXT

	}

	private record Beat(Tempo tempo, Bytes bytes) {
	}

	/**
	 * Writes an event once its number is known.
	 */
	@FunctionalInterface
	private interface Bytes {

		byte[] at(int sequenceNumber);

	}

}
