package io.github.grokspring.wire;

import org.jspecify.annotations.Nullable;

/**
 * Text that arrives at once, without being copied, or in deltas.
 * <p>
 * Not thread-safe.
 *
 * @since 0.1.0
 */
public final class TextAccumulator {

	private String first = "";

	private @Nullable StringBuilder builder;

	private int drained;

	private boolean utf16;

	/**
	 * Appends text.
	 * @param text the text
	 */
	public void append(String text) {
		this.utf16 = this.utf16 || requiresUtf16(text);
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
	 * Whether the text is empty.
	 * @return {@code true} if nothing has been appended
	 */
	public boolean isEmpty() {
		return this.first.isEmpty();
	}

	/**
	 * Whether {@link #drain()} returns text.
	 * @return {@code true} if there is text to drain
	 */
	public boolean hasPending() {
		return drainableLength() > this.drained;
	}

	/**
	 * Returns the text appended since the last invocation. A high surrogate at the end is
	 * held back until its low surrogate arrives.
	 * @return the new text
	 */
	public String drain() {
		return drain(drainableLength());
	}

	/**
	 * Returns the remaining text, including a high surrogate at the end.
	 * @return the remaining text
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
	 * Returns the length.
	 * @return the length in chars
	 */
	public int length() {
		return (this.builder != null) ? this.builder.length() : this.first.length();
	}

	/**
	 * Returns the approximate memory used by the text.
	 * @return the size in bytes
	 */
	public long sizeInBytes() {
		return this.utf16 ? 2L * length() : length();
	}

	private static boolean requiresUtf16(String text) {
		for (int i = 0; i < text.length(); i++) {
			if (text.charAt(i) > 0xFF) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Returns the text without copying it.
	 * @return a view that is valid until more text is appended
	 */
	public CharSequence chars() {
		return (this.builder != null) ? this.builder : this.first;
	}

	@Override
	public String toString() {
		return (this.builder != null) ? this.builder.toString() : this.first;
	}

}
