package io.github.grokspring.wire;

import org.jspecify.annotations.Nullable;

/**
 * A text that comes at once, which costs no copy, or in pieces. Not safe for use by
 * several threads.
 *
 * @since 0.1.0
 */
public final class TextAccumulator {

	private String first = "";

	private @Nullable StringBuilder builder;

	private int drained;

	private boolean wide;

	/**
	 * Add a piece.
	 * @param text the piece
	 */
	public void append(String text) {
		this.wide = this.wide || isWide(text);
		if (this.builder != null) {
			this.builder.append(text);
		}
		else if (this.first.isEmpty()) {
			this.first = text;
		}
		else {
			this.builder = new StringBuilder(Math.max(256, 2 * (this.first.length() + text.length())));
			this.builder.append(this.first).append(text);
		}
	}

	/**
	 * Whether nothing came yet.
	 * @return whether it is empty
	 */
	public boolean isEmpty() {
		return this.first.isEmpty();
	}

	/**
	 * Whether {@link #drain()} has something to return.
	 * @return whether more came
	 */
	public boolean hasPending() {
		return drainableLength() > this.drained;
	}

	/**
	 * Return what came since this was called the last time. The first half of a character
	 * that takes two chars waits for its second half.
	 * @return the new part
	 */
	public String drain() {
		return drain(drainableLength());
	}

	/**
	 * Return what was not taken, although it may end in half a character.
	 * @return the rest
	 */
	public String drainAll() {
		return drain(length());
	}

	private String drain(int to) {
		int from = this.drained;
		this.drained = Math.max(from, to);
		return (this.builder != null) ? this.builder.substring(from, this.drained)
				: this.first.substring(from, this.drained);
	}

	private int drainableLength() {
		int length = length();
		return (length > 0 && Character.isHighSurrogate(chars().charAt(length - 1))) ? length - 1 : length;
	}

	/**
	 * How long it is.
	 * @return the length in chars
	 */
	public int length() {
		return (this.builder != null) ? this.builder.length() : this.first.length();
	}

	/**
	 * How much memory it takes.
	 * @return the size in bytes
	 */
	public long sizeInBytes() {
		return this.wide ? 2L * length() : length();
	}

	private static boolean isWide(String text) {
		for (int i = 0; i < text.length(); i++) {
			if (text.charAt(i) > 0xFF) {
				return true;
			}
		}
		return false;
	}

	/**
	 * The text so far, without a copy.
	 * @return a view, valid until the text grows
	 */
	public CharSequence chars() {
		return (this.builder != null) ? this.builder : this.first;
	}

	@Override
	public String toString() {
		return (this.builder != null) ? this.builder.toString() : this.first;
	}

}
