package io.github.grokspring.connection;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream of bytes into server-sent events, wherever the network has cut it before.
 * Works on bytes: no text is made of the data, and multi-byte characters split between
 * packets need no care.
 * <p>
 * Follows the WHATWG rules with two exceptions. Events without data are not reported. An
 * event that the end of the stream leaves without its blank line is reported, since
 * answers are known to end that way. {@code id:} and {@code retry:} have no meaning here.
 */
final class SseParser {

	static final int MAX_EVENT_BYTES = 16 * 1024 * 1024;

	private static final byte[] DATA = { 'd', 'a', 't', 'a' };

	private static final byte[] EVENT = { 'e', 'v', 'e', 'n', 't' };

	private static final byte[] DONE = { '[', 'D', 'O', 'N', 'E', ']' };

	/** A longer name is none that xAI knows, and not worth keeping. */
	private static final int LONGEST_NAME = 64;

	private final Listener events;

	private final int maxEventBytes;

	private byte[] buffer = new byte[0];

	/** Where the bytes begin that belong to the event under way. */
	private int eventStart;

	/** Where the line under way begins. */
	private int lineStart;

	/** How far has been looked for an end of line. */
	private int position;

	private int end;

	/** Where the data of the event under way begins, -1 for none yet. */
	private int dataStart = -1;

	private int dataEnd;

	private @Nullable String name;

	private boolean skipLineFeed;

	private boolean beginning = true;

	private @Nullable String lastName;

	SseParser(Listener events) {
		this(events, MAX_EVENT_BYTES);
	}

	SseParser(Listener events, int maxEventBytes) {
		this.events = events;
		this.maxEventBytes = maxEventBytes;
	}

	/**
	 * Take in what came from the network.
	 * @param bytes the bytes; read but not released
	 * @throws IllegalStateException if an event becomes too long
	 */
	void feed(ByteBuf bytes) {
		int length = bytes.readableBytes();
		makeRoom(length);
		bytes.readBytes(this.buffer, this.end, length);
		this.end += length;
		if (this.beginning && !skipByteOrderMark(false)) {
			return;
		}
		readLines();
		if (this.end - this.eventStart > this.maxEventBytes) {
			throw new ResponseTooLargeException("an event of it is longer than " + this.maxEventBytes + " bytes");
		}
	}

	/**
	 * The stream has ended.
	 */
	void end() {
		if (this.beginning) {
			skipByteOrderMark(true);
			readLines();
		}
		if (this.end > this.lineStart) {
			line(this.end);
		}
		dispatch();
	}

	private void makeRoom(int length) {
		if (this.buffer.length - this.end >= length) {
			return;
		}
		int kept = this.end - this.eventStart;
		byte[] target = this.buffer;
		if (kept + length > target.length) {
			target = new byte[Math.max(2048, Math.max(kept + length, Math.min(target.length * 2, 1 << 30)))];
		}
		System.arraycopy(this.buffer, this.eventStart, target, 0, kept);
		this.buffer = target;
		this.lineStart -= this.eventStart;
		this.position -= this.eventStart;
		this.end = kept;
		if (this.dataStart >= 0) {
			this.dataStart -= this.eventStart;
			this.dataEnd -= this.eventStart;
		}
		this.eventStart = 0;
	}

	private boolean skipByteOrderMark(boolean last) {
		byte[] bytes = this.buffer;
		int length = this.end;
		boolean mayBeMark = (length == 0 || bytes[0] == (byte) 0xEF) && (length < 2 || bytes[1] == (byte) 0xBB)
				&& (length < 3 || bytes[2] == (byte) 0xBF);
		if (mayBeMark && length < 3 && !last) {
			return false;
		}
		this.beginning = false;
		if (mayBeMark && length >= 3) {
			consumed(3);
		}
		return true;
	}

	private void readLines() {
		byte[] bytes = this.buffer;
		int limit = this.end;
		int at = this.position;
		while (at < limit) {
			byte current = bytes[at];
			if (this.skipLineFeed) {
				this.skipLineFeed = false;
				if (current == '\n') {
					at++;
					this.lineStart = at;
					continue;
				}
			}
			if (current == '\n' || current == '\r') {
				this.skipLineFeed = current == '\r';
				this.position = at;
				line(at);
				at++;
				this.lineStart = at;
				if (this.dataStart < 0) {
					this.eventStart = at;
				}
				continue;
			}
			at++;
		}
		this.position = at;
		if (this.dataStart < 0) {
			this.eventStart = this.lineStart;
		}
	}

	private void line(int lineEnd) {
		int start = this.lineStart;
		if (start == lineEnd) {
			dispatch();
		}
		else if (isField(DATA, lineEnd)) {
			data(valueStart(start + DATA.length, lineEnd), lineEnd);
		}
		else if (isField(EVENT, lineEnd)) {
			int value = valueStart(start + EVENT.length, lineEnd);
			this.name = (value == lineEnd) ? null : name(value, lineEnd - value);
		}
	}

	private boolean isField(byte[] field, int lineEnd) {
		int after = this.lineStart + field.length;
		if (after > lineEnd || (after < lineEnd && this.buffer[after] != ':')) {
			return false;
		}
		for (int i = 0; i < field.length; i++) {
			if (this.buffer[this.lineStart + i] != field[i]) {
				return false;
			}
		}
		return true;
	}

	private int valueStart(int colon, int lineEnd) {
		int value = Math.min(colon + 1, lineEnd);
		return (value < lineEnd && this.buffer[value] == ' ') ? value + 1 : value;
	}

	private void data(int start, int lineEnd) {
		if (this.dataStart < 0) {
			this.dataStart = start;
			this.dataEnd = lineEnd;
			return;
		}
		// Lines are joined in place: the field name between them leaves room enough.
		this.buffer[this.dataEnd++] = '\n';
		System.arraycopy(this.buffer, start, this.buffer, this.dataEnd, lineEnd - start);
		this.dataEnd += lineEnd - start;
	}

	private void dispatch() {
		int start = this.dataStart;
		int length = this.dataEnd - start;
		String event = this.name;
		this.dataStart = -1;
		this.name = null;
		if (start < 0 || length == 0) {
			return;
		}
		if (isDone(start, start + length)) {
			this.events.onDone();
		}
		else {
			this.events.onEvent(event, this.buffer, start, length);
		}
	}

	// Some servers put blanks around it.
	private boolean isDone(int start, int end) {
		int from = start;
		int to = end;
		while (from < to && isBlank(this.buffer[from])) {
			from++;
		}
		if (to - from < DONE.length || this.buffer[from] != DONE[0]) {
			return false;
		}
		while (isBlank(this.buffer[to - 1])) {
			to--;
		}
		return Arrays.equals(this.buffer, from, to, DONE, 0, DONE.length);
	}

	private static boolean isBlank(byte character) {
		return character == ' ' || character == '\t' || character == '\n';
	}

	// Most often it is the one before, which is not made again
	private String name(int start, int length) {
		String name = this.lastName;
		if (name == null || !isSame(name, start, length)) {
			name = new String(this.buffer, start, length, StandardCharsets.UTF_8);
			this.lastName = (length <= LONGEST_NAME) ? name : null;
		}
		return name;
	}

	private boolean isSame(String known, int start, int length) {
		if (known.length() != length) {
			return false;
		}
		for (int i = 0; i < length; i++) {
			if (known.charAt(i) != this.buffer[start + i]) {
				return false;
			}
		}
		return true;
	}

	private void consumed(int bytes) {
		this.position = bytes;
		this.lineStart = bytes;
		this.eventStart = bytes;
	}

	/**
	 * Receives the events.
	 */
	interface Listener {

		/**
		 * An event with data.
		 * @param event its name, or {@code null}
		 * @param buffer holds the data; valid during the call only
		 * @param offset where the data begins
		 * @param length how long it is
		 */
		void onEvent(@Nullable String event, byte[] buffer, int offset, int length);

		/**
		 * The event {@code [DONE]}.
		 */
		void onDone();

	}

}
