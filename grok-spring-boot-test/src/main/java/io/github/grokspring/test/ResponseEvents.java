package io.github.grokspring.test;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Consumer;

import io.github.grokspring.test.HttpReply.Step;
import io.github.grokspring.test.StreamPlan.ErrorText;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * Lazily written events of a Responses API stream.
 */
final class ResponseEvents implements Iterator<Step> {

	private final ResponseObject response;

	private final StreamPlan plan;

	private final Iterator<ResponsesItem> items;

	private final Deque<TimedEvent> beats = new ArrayDeque<>();

	private int nextPlace;

	private int textsSent;

	private int sequence;

	private boolean played;

	private boolean begun;

	private boolean stalled;

	ResponseEvents(ResponseObject response, StreamPlan plan) {
		this.response = response;
		this.plan = plan;
		this.items = response.output().iterator();
		for (String name : new String[] { "created", "in_progress" }) {
			add(Delay.OPENING, "response." + name, (json) -> wholeResponse(json, false));
		}
	}

	@Override
	public boolean hasNext() {
		while (this.beats.isEmpty() && !this.played) {
			advance();
		}
		return !this.beats.isEmpty();
	}

	@Override
	public Step next() {
		if (!hasNext()) {
			throw new NoSuchElementException();
		}
		TimedEvent timedEvent = this.beats.remove();
		return new Step(delay(timedEvent.delay()), timedEvent.bytes().at(this.sequence++));
	}

	private void advance() {
		if (!this.items.hasNext()) {
			end();
			return;
		}
		ResponsesItem item = this.items.next();
		int place = this.nextPlace++;
		if (this.plan.isTruncated() && item instanceof FunctionCallItem) {
			breakOff();
			return;
		}
		add(item.startsBeforeReasoning() ? Delay.OPENING : Delay.FOLLOWING, "response.output_item.added",
				(json) -> wholeItem(json, item, place, false));
		item.emit(new ItemEventSink(item, place));
		add(Delay.FOLLOWING, "response.output_item.done", (json) -> wholeItem(json, item, place, true));
	}

	private void end() {
		if (this.plan.isTruncated()) {
			breakOff();
			return;
		}
		if (!"in_progress".equals(this.response.status())) {
			add(Delay.FOLLOWING, "response." + this.response.status(), (json) -> wholeResponse(json, true));
		}
		this.played = true;
	}

	private void breakOff() {
		ErrorText error = this.plan.error();
		if (error != null) {
			add(Delay.FOLLOWING, "error", (json) -> {
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

	private void add(Delay delay, String type, Consumer<JsonGenerator> fields) {
		if (!this.played) {
			this.beats.add(new TimedEvent(delay, (number) -> EventWriter.event(type, number, fields)));
		}
	}

	private long delay(Delay delay) {
		if (delay == Delay.OPENING) {
			return 0;
		}
		long nanos = (delay == Delay.FOLLOWING) ? 0 : this.plan.paceNanos();
		if (!this.begun) {
			this.begun = true;
			nanos = Math.max(nanos, this.plan.thinkingNanos());
		}
		boolean amongTexts = delay == Delay.TEXT || this.textsSent > 0;
		if (amongTexts && !this.stalled && this.textsSent == this.plan.stallAfter()) {
			this.stalled = true;
			nanos += this.plan.stallNanos();
		}
		this.textsSent += (delay == Delay.TEXT) ? 1 : 0;
		return nanos;
	}

	private final class ItemEventSink implements ResponsesItem.EventSink {

		private final ResponsesItem item;

		private final int place;

		private int texts;

		private @Nullable DeltaWriter deltas;

		ItemEventSink(ResponsesItem item, int place) {
			this.item = item;
			this.place = place;
		}

		@Override
		public void event(String name, Consumer<JsonGenerator> fields) {
			enqueue(Delay.FOLLOWING, name, fields);
		}

		@Override
		public void opening(String name, Consumer<JsonGenerator> fields) {
			enqueue(Delay.OPENING, name, fields);
		}

		@Override
		public void reasoning(String piece) {
			delta(Delay.PIECE, "reasoning_summary_text", piece, "\"summary_index\":0");
		}

		@Override
		public void text(String piece) {
			if (!ResponseEvents.this.plan.isTruncated() || this.texts < ResponseEvents.this.plan.endAfter()) {
				this.texts++;
				delta(Delay.TEXT, "output_text", piece, "\"content_index\":0,\"logprobs\":[]");
			}
		}

		@Override
		public void endText() {
			if (ResponseEvents.this.plan.isTruncated()) {
				breakOff();
			}
		}

		private void enqueue(Delay delay, String name, Consumer<JsonGenerator> fields) {
			add(delay, "response." + name, (json) -> {
				json.writeStringProperty("item_id", this.item.id());
				json.writeNumberProperty("output_index", this.place);
				fields.accept(json);
			});
		}

		private void delta(Delay delay, String name, String piece, String fields) {
			DeltaWriter writer = this.deltas;
			if (writer == null) {
				writer = new DeltaWriter(name, this.item.id(), this.place, fields);
				this.deltas = writer;
			}
			DeltaWriter same = writer;
			ResponseEvents.this.beats.add(new TimedEvent(delay, (number) -> same.delta(number, piece)));
		}

	}

	/**
	 * Delay of an event.
	 */
	private enum Delay {

		/**
		 * After the time of reasoning.
		 */
		OPENING,

		/**
		 * Together with the previous event.
		 */
		FOLLOWING,

		/**
		 * At the pace of the answer.
		 */
		PIECE,

		/**
		 * At the pace of the answer, counted as a chunk.
		 */
		TEXT

	}

	private record TimedEvent(Delay delay, Bytes bytes) {
	}

	/**
	 * Writes an event with a given sequence number.
	 */
	@FunctionalInterface
	private interface Bytes {

		byte[] at(int sequenceNumber);

	}

}
