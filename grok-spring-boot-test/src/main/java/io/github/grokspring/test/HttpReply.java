package io.github.grokspring.test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * HTTP response to a request, with its timing.
 */
record HttpReply(List<Integer> informational, int status, @Nullable String contentType, List<Header> headers,
		Duration beforeHeaders, Duration afterHeaders, byte @Nullable [] body, @Nullable Iterator<Step> steps,
		Ending ending) {

	static final String JSON = "application/json";

	static final String EVENT_STREAM = "text/event-stream";

	private static final byte[] NOTHING = {};

	static HttpReply json(int status, byte[] body) {
		return json(status, List.of(), body);
	}

	static HttpReply json(int status, List<Header> headers, byte[] body) {
		return new HttpReply(List.of(), status, JSON, headers, Duration.ZERO, Duration.ZERO, body, null,
				Ending.COMPLETE);
	}

	static HttpReply stream(List<Header> headers, Iterator<Step> steps, Ending ending) {
		return new HttpReply(List.of(), 200, EVENT_STREAM, headers, Duration.ZERO, Duration.ZERO, null, steps, ending);
	}

	static HttpReply connectionReset() {
		return new HttpReply(List.of(), 0, null, List.of(), Duration.ZERO, Duration.ZERO, NOTHING, null, Ending.RESET);
	}

	static HttpReply apiError(ApiErrorException apiError) {
		return json(apiError.status(), apiError.body());
	}

	/**
	 * Returns a copy with further headers and additional delays before the headers and
	 * the body.
	 */
	HttpReply with(List<Header> more, Duration before, Duration after) {
		if (more.isEmpty() && before.isZero() && after.isZero()) {
			return this;
		}
		List<Header> all = new ArrayList<>(this.headers);
		all.addAll(more);
		return new HttpReply(this.informational, this.status, this.contentType, List.copyOf(all),
				this.beforeHeaders.plus(before), this.afterHeaders.plus(after), this.body, this.steps, this.ending);
	}

	HttpReply withInformational(List<Integer> statuses) {
		return new HttpReply(statuses, this.status, this.contentType, this.headers, this.beforeHeaders,
				this.afterHeaders, this.body, this.steps, this.ending);
	}

	enum Ending {

		/**
		 * The HTTP response is completed.
		 */
		COMPLETE,

		/**
		 * The connection is closed before the HTTP response is complete.
		 */
		CLOSE,

		/**
		 * The connection is reset.
		 */
		RESET

	}

	record Header(String name, String value) {
	}

	/**
	 * Bytes that are sent after a delay.
	 */
	record Step(long delayNanos, byte[] bytes) {
	}

}
