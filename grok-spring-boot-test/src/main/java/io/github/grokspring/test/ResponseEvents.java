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

	private final Deque<TimedEvent> events = new ArrayDeque<>();

	private int nextOutputIndex;

	private int textsSent;

	private int sequence;

	private boolean ended;

	private boolean started;

	private boolean stalled;

	ResponseEvents(ResponseObject response, StreamPlan plan) {
		this.response = response;
		this.plan = plan;
		this.items = response.output().iterator();
		for (String name : new String[] { "created", "in_progress" }) {
			add(Delay.OPENING, "response." + name, (json) -> writeResponse(json, false));
		}
	}

	@Override
	public boolean hasNext() {
		while (this.events.isEmpty() && !this.ended) {
			advance();
		}
		return !this.events.isEmpty();
	}

	@Override
	public Step next() {
		if (!hasNext()) {
			throw new NoSuchElementException();
		}
		TimedEvent timedEvent = this.events.remove();
		return new Step(delay(timedEvent.delay()), timedEvent.bytes().at(this.sequence++));
	}

	private void advance() {
		if (!this.items.hasNext()) {
			end();
			return;
		}
		ResponsesItem item = this.items.next();
		int outputIndex = this.nextOutputIndex++;
		if (this.plan.isTruncated() && item instanceof FunctionCallItem) {
			truncate();
			return;
		}
		add(item.startsBeforeReasoning() ? Delay.OPENING : Delay.FOLLOWING, "response.output_item.added",
				(json) -> writeItem(json, item, outputIndex, false));
		item.emit(new ItemEventSink(item, outputIndex));
		add(Delay.FOLLOWING, "response.output_item.done", (json) -> writeItem(json, item, outputIndex, true));
	}

	private void end() {
		if (this.plan.isTruncated()) {
			truncate();
			return;
		}
		if (!"in_progress".equals(this.response.status())) {
			add(Delay.FOLLOWING, "response." + this.response.status(), (json) -> writeResponse(json, true));
		}
		this.ended = true;
	}

	private void truncate() {
		ErrorText error = this.plan.error();
		if (error != null) {
			add(Delay.FOLLOWING, "error", (json) -> {
				json.writeStringProperty("code", error.code());
				json.writeStringProperty("message", error.text());
				json.writeNullProperty("param");
			});
		}
		this.ended = true;
	}

	private void writeResponse(JsonGenerator json, boolean done) {
		json.writeObjectPropertyStart("response");
		this.response.write(json, done, true);
		json.writeEndObject();
	}

	private static void writeItem(JsonGenerator json, ResponsesItem item, int outputIndex, boolean done) {
		json.writeObjectPropertyStart("item");
		item.writeObject(json, done);
		json.writeEndObject();
		json.writeNumberProperty("output_index", outputIndex);
	}

	private void add(Delay delay, String type, Consumer<JsonGenerator> fields) {
		if (!this.ended) {
			this.events.add(new TimedEvent(delay, (number) -> EventWriter.event(type, number, fields)));
		}
	}

	private long delay(Delay delay) {
		if (delay == Delay.OPENING) {
			return 0;
		}
		long nanos = (delay == Delay.FOLLOWING) ? 0 : this.plan.paceNanos();
		if (!this.started) {
			this.started = true;
			nanos = Math.max(nanos, this.plan.thinkingNanos());
		}
		boolean withinText = delay == Delay.TEXT || this.textsSent > 0;
		if (withinText && !this.stalled && this.textsSent == this.plan.stallAfter()) {
			this.stalled = true;
			nanos += this.plan.stallNanos();
		}
		this.textsSent += (delay == Delay.TEXT) ? 1 : 0;
		return nanos;
	}

	private final class ItemEventSink implements ResponsesItem.EventSink {

		private final ResponsesItem item;

		private final int outputIndex;

		private int texts;

		private @Nullable DeltaWriter deltas;

		ItemEventSink(ResponsesItem item, int outputIndex) {
			this.item = item;
			this.outputIndex = outputIndex;
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
				truncate();
			}
		}

		private void enqueue(Delay delay, String name, Consumer<JsonGenerator> fields) {
			add(delay, "response." + name, (json) -> {
				json.writeStringProperty("item_id", this.item.id());
				json.writeNumberProperty("output_index", this.outputIndex);
				fields.accept(json);
			});
		}

		private void delta(Delay delay, String name, String piece, String fields) {
			DeltaWriter writer = this.deltas;
			if (writer == null) {
				writer = new DeltaWriter(name, this.item.id(), this.outputIndex, fields);
				this.deltas = writer;
			}
			DeltaWriter same = writer;
			ResponseEvents.this.events.add(new TimedEvent(delay, (number) -> same.delta(number, piece)));
		}

	}

	/**
	 * Delay of an event.
	 */
	private enum Delay {

		/**
		 * Without delay, before the reasoning time.
		 */
		OPENING,

		/**
		 * Together with the previous event.
		 */
		FOLLOWING,

		/**
		 * At the pace of the response.
		 */
		PIECE,

		/**
		 * At the pace of the response, counted as a chunk.
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
