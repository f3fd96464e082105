package io.github.grokspring.test;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What goes over the wire in answer to one request, and when.
 */
record Outgoing(List<Integer> informational, int status, @Nullable String contentType, List<Header> headers,
		Duration beforeHeaders, Duration afterHeaders, byte @Nullable [] body, @Nullable Iterator<Step> steps,
		Ending ending) {

	static final String JSON = "application/json";

	static final String EVENT_STREAM = "text/event-stream";

	private static final byte[] NOTHING = {};

	static Outgoing json(int status, byte[] body) {
		return json(status, List.of(), body);
	}

	static Outgoing json(int status, List<Header> headers, byte[] body) {
		return new Outgoing(List.of(), status, JSON, headers, Duration.ZERO, Duration.ZERO, body, null,
				Ending.COMPLETE);
	}

	static Outgoing stream(List<Header> headers, Iterator<Step> steps, Ending ending) {
		return new Outgoing(List.of(), 200, EVENT_STREAM, headers, Duration.ZERO, Duration.ZERO, null, steps, ending);
	}

	static Outgoing connectionReset() {
		return new Outgoing(List.of(), 0, null, List.of(), Duration.ZERO, Duration.ZERO, NOTHING, null, Ending.RESET);
	}

	static Outgoing refusal(Refusal refusal) {
		return json(refusal.status(), refusal.body());
	}

	/**
	 * The same with further headers and with silences that come on top of its own.
	 * @param more headers to add
	 * @param before silence before the headers
	 * @param after silence between headers and body
	 * @return what is sent
	 */
	Outgoing with(List<Header> more, Duration before, Duration after) {
		if (more.isEmpty() && before.isZero() && after.isZero()) {
			return this;
		}
		List<Header> all = new java.util.ArrayList<>(this.headers);
		all.addAll(more);
		return new Outgoing(this.informational, this.status, this.contentType, List.copyOf(all),
				this.beforeHeaders.plus(before), this.afterHeaders.plus(after), this.body, this.steps, this.ending);
	}

	/**
	 * The same after informational responses.
	 * @param statuses their statuses, sent at once
	 * @return what is sent
	 */
	Outgoing after(List<Integer> statuses) {
		return new Outgoing(statuses, this.status, this.contentType, this.headers, this.beforeHeaders,
				this.afterHeaders, this.body, this.steps, this.ending);
	}

	/**
	 * How an exchange ends.
	 */
	enum Ending {

		/**
		 * As HTTP wants it.
		 */
		COMPLETE,

		/**
		 * The connection is closed although the body is not complete.
		 */
		CLOSE,

		/**
		 * The connection is reset.
		 */
		RESET

	}

	/**
	 * A header of the answer.
	 */
	record Header(String name, String value) {
	}

	/**
	 * Bytes that are sent a while after those before them.
	 */
	record Step(long delayNanos, byte[] bytes) {
	}

}
