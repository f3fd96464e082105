package io.github.grokspring.connection;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Incremental parser for server-sent events. Works on bytes without decoding the data, so
 * events and characters may be split between packets.
 * <p>
 * Follows the WHATWG specification with two exceptions: events without data are not
 * reported, and an event at the end of the stream is reported even if its blank line is
 * missing, because some responses end that way. {@code id:} and {@code retry:} are
 * ignored.
 */
final class SseParser {

	static final int MAX_EVENT_BYTES = 16 * 1024 * 1024;

	private static final byte[] DATA = { 'd', 'a', 't', 'a' };

	private static final byte[] EVENT = { 'e', 'v', 'e', 'n', 't' };

	private static final byte[] DONE = { '[', 'D', 'O', 'N', 'E', ']' };

	/** Longer event names are unknown and not cached. */
	private static final int MAX_CACHED_NAME = 64;

	private final Listener listener;

	private final int maxEventBytes;

	private byte[] buffer = new byte[0];

	/** Start of the bytes of the current event. */
	private int eventStart;

	/** Start of the current line. */
	private int lineStart;

	/** Position up to which line ends have been searched. */
	private int position;

	private int end;

	/** Start of the data of the current event, or -1. */
	private int dataStart = -1;

	private int dataEnd;

	private @Nullable String name;

	private boolean skipLineFeed;

	private boolean startOfStream = true;

	private @Nullable String lastName;

	SseParser(Listener listener) {
		this(listener, MAX_EVENT_BYTES);
	}

	SseParser(Listener listener, int maxEventBytes) {
		this.listener = listener;
		this.maxEventBytes = maxEventBytes;
	}

	/**
	 * Parses received bytes.
	 * @param bytes the bytes, which are read but not released
	 * @throws ResponseTooLargeException if an event is too long
	 */
	void feed(ByteBuf bytes) {
		int length = bytes.readableBytes();
		makeRoom(length);
		bytes.readBytes(this.buffer, this.end, length);
		this.end += length;
		if (this.startOfStream && !skipByteOrderMark(false)) {
			return;
		}
		readLines();
		if (this.end - this.eventStart > this.maxEventBytes) {
			throw new ResponseTooLargeException("an event exceeds " + this.maxEventBytes + " bytes");
		}
	}

	void end() {
		if (this.startOfStream) {
			skipByteOrderMark(true);
			readLines();
		}
		if (this.end > this.lineStart) {
			processLine(this.end);
		}
		dispatch();
	}

	private void makeRoom(int length) {
		if (this.buffer.length - this.end >= length) {
			return;
		}
		int retained = this.end - this.eventStart;
		byte[] target = this.buffer;
		if (retained + length > target.length) {
			target = new byte[Math.max(2048, Math.max(retained + length, Math.min(target.length * 2, 1 << 30)))];
		}
		System.arraycopy(this.buffer, this.eventStart, target, 0, retained);
		this.buffer = target;
		this.lineStart -= this.eventStart;
		this.position -= this.eventStart;
		this.end = retained;
		if (this.dataStart >= 0) {
			this.dataStart -= this.eventStart;
			this.dataEnd -= this.eventStart;
		}
		this.eventStart = 0;
	}

	private boolean skipByteOrderMark(boolean last) {
		byte[] bytes = this.buffer;
		int length = this.end;
		boolean possibleMark = (length == 0 || bytes[0] == (byte) 0xEF) && (length < 2 || bytes[1] == (byte) 0xBB)
				&& (length < 3 || bytes[2] == (byte) 0xBF);
		if (possibleMark && length < 3 && !last) {
			return false;
		}
		this.startOfStream = false;
		if (possibleMark && length >= 3) {
			skip(3);
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
				processLine(at);
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

	private void processLine(int lineEnd) {
		int start = this.lineStart;
		if (start == lineEnd) {
			dispatch();
		}
		else if (isField(DATA, lineEnd)) {
			appendData(valueStart(start + DATA.length, lineEnd), lineEnd);
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

	private void appendData(int start, int lineEnd) {
		if (this.dataStart < 0) {
			this.dataStart = start;
			this.dataEnd = lineEnd;
			return;
		}
		// Joined in place, since the field name leaves enough room
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
			this.listener.onDone();
		}
		else {
			this.listener.onEvent(event, this.buffer, start, length);
		}
	}

	// Some servers surround it with spaces
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

	// Usually the same name as before, which is reused
	private String name(int start, int length) {
		String name = this.lastName;
		if (name == null || !isSame(name, start, length)) {
			name = new String(this.buffer, start, length, StandardCharsets.UTF_8);
			this.lastName = (length <= MAX_CACHED_NAME) ? name : null;
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

	private void skip(int bytes) {
		this.position = bytes;
		this.lineStart = bytes;
		this.eventStart = bytes;
	}

	interface Listener {

		/**
		 * Handles an event. The buffer is valid only during the call.
		 */
		void onEvent(@Nullable String event, byte[] buffer, int offset, int length);

		void onDone();

	}

}
