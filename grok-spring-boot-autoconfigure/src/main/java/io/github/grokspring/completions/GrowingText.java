package io.github.grokspring.completions;

import org.jspecify.annotations.Nullable;

/**
 * A text that comes at once, which costs no copy, or in pieces. Not safe for use by
 * several threads.
 */
final class GrowingText {

	private String first = "";

	private @Nullable StringBuilder pieces;

	private int taken;

	void append(String text) {
		if (this.pieces != null) {
			this.pieces.append(text);
		}
		else if (this.first.isEmpty()) {
			this.first = text;
		}
		else {
			this.pieces = new StringBuilder(Math.max(256, 2 * (this.first.length() + text.length())));
			this.pieces.append(this.first).append(text);
		}
	}

	boolean isEmpty() {
		return this.first.isEmpty();
	}

	/**
	 * Whether {@link #take()} has something to return.
	 */
	boolean hasMore() {
		return length() > this.taken;
	}

	/**
	 * Return what came since this was called the last time.
	 */
	String take() {
		int from = this.taken;
		this.taken = length();
		return (this.pieces != null) ? this.pieces.substring(from) : this.first.substring(from);
	}

	private int length() {
		return (this.pieces != null) ? this.pieces.length() : this.first.length();
	}

	@Override
	public String toString() {
		return (this.pieces != null) ? this.pieces.toString() : this.first;
	}

}
