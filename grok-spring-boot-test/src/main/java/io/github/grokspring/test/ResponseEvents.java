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
final class ResponseEvents implements Iterator<Step>, OutputItem.Stage {

	private final ResponseObject response;

	private final Course course;

	private final Iterator<OutputItem> items;

	private final Deque<Beat> beats = new ArrayDeque<>();

	private OutputItem current;

	private int index = -1;

	private @Nullable DeltaWriter deltas;

	private int textsPlayed;

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

	@Override
	public void event(String name, Consumer<JsonGenerator> fields) {
		add(Tempo.FOLLOWING, name, fields, this.current, this.index);
	}

	@Override
	public void opening(String name, Consumer<JsonGenerator> fields) {
		add(Tempo.OPENING, name, fields, this.current, this.index);
	}

	@Override
	public void reasoning(String piece) {
		delta(Tempo.PIECE, "reasoning_summary_text", piece, "\"summary_index\":0");
	}

	@Override
	public void text(String piece) {
		if (this.course.isCut() && this.textsPlayed >= this.course.endAfter()) {
			return;
		}
		this.textsPlayed++;
		delta(Tempo.TEXT, "output_text", piece, "\"content_index\":0,\"logprobs\":[]");
	}

	@Override
	public void textEnds() {
		if (this.course.isCut()) {
			breakOff();
		}
	}

	private void playOn() {
		if (!this.items.hasNext()) {
			end();
			return;
		}
		this.current = this.items.next();
		this.index++;
		this.deltas = null;
		OutputItem item = this.current;
		int place = this.index;
		if (this.course.isCut() && item instanceof FunctionCallItem) {
			breakOff();
			return;
		}
		add(item.opensThinking() ? Tempo.OPENING : Tempo.FOLLOWING, "response.output_item.added",
				(json) -> wholeItem(json, item, place, false));
		item.play(this);
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

	private static void wholeItem(JsonGenerator json, OutputItem item, int place, boolean done) {
		json.writeObjectPropertyStart("item");
		item.writeObject(json, done);
		json.writeEndObject();
		json.writeNumberProperty("output_index", place);
	}

	private void add(Tempo tempo, String name, Consumer<JsonGenerator> fields, OutputItem item, int place) {
		add(tempo, "response." + name, (json) -> {
			json.writeStringProperty("item_id", item.id());
			json.writeNumberProperty("output_index", place);
			fields.accept(json);
		});
	}

	private void add(Tempo tempo, String type, Consumer<JsonGenerator> fields) {
		if (!this.played) {
			this.beats.add(new Beat(tempo, (number) -> EventWriter.event(type, number, fields)));
		}
	}

	private void delta(Tempo tempo, String name, String piece, String suffix) {
		if (this.deltas == null) {
			this.deltas = new DeltaWriter(name, this.current.id(), this.index, suffix);
		}
		DeltaWriter writer = this.deltas;
		this.beats.add(new Beat(tempo, (number) -> writer.delta(number, piece)));
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
