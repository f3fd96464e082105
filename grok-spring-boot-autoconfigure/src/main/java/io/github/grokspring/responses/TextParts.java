package io.github.grokspring.responses;

import java.util.ArrayList;
import java.util.List;

import io.github.grokspring.wire.TextAccumulator;

/**
 * Where the parts of one item lie within the text of the response. What came in pieces
 * and what comes as a whole are put together without repetition. Not safe for use by
 * several threads.
 */
final class TextParts {

	private final List<Integer> starts = new ArrayList<>(0);

	private int end = -1;

	/** Text of another item came in between, so that it cannot be compared any more. */
	private boolean interleaved;

	boolean isEmpty() {
		return this.end < 0;
	}

	/**
	 * Where a part begins.
	 * @param part position of the part
	 * @param defaultStart where it begins if it has not begun yet
	 * @return the position in the text of the response
	 */
	int start(int part, int defaultStart) {
		while (this.starts.size() <= part) {
			this.starts.add(defaultStart);
		}
		return this.starts.get(part);
	}

	/**
	 * Add a piece of a part.
	 */
	void append(int part, String piece, TextAccumulator text) {
		int from = text.length();
		this.interleaved |= this.end >= 0 && this.end != from;
		start(part, from);
		text.append(piece);
		this.end = text.length();
	}

	/**
	 * Whether a part is shorter than it is said to be.
	 */
	boolean isShorterThan(int part, int length) {
		if (isEmpty() || part >= this.starts.size()) {
			return length > 0;
		}
		return !this.interleaved && part == this.starts.size() - 1 && this.end - this.starts.get(part) < length;
	}

	/**
	 * A part is complete: add what has not come in pieces.
	 */
	void complete(int part, String whole, TextAccumulator text) {
		if (!isShorterThan(part, whole.length())) {
			return;
		}
		if (isEmpty()) {
			append(part, whole, text);
		}
		else if (part >= this.starts.size()) {
			// Unless the pieces did not tell which part they belong to
			if (!this.interleaved && textFrom(this.starts.get(0), text).endsWith(whole)) {
				start(part, this.end - whole.length());
			}
			else {
				append(part, whole, text);
			}
		}
		else {
			appendRest(part, this.starts.get(part), whole, text);
		}
	}

	/**
	 * The item is complete: add what has not come in pieces.
	 */
	void complete(List<String> parts, TextAccumulator text) {
		if (isEmpty()) {
			for (int i = 0; i < parts.size(); i++) {
				if (!parts.get(i).isEmpty()) {
					append(i, parts.get(i), text);
				}
			}
			return;
		}
		if (this.interleaved) {
			return;
		}
		int first = this.starts.get(0);
		if (parts.stream().mapToInt(String::length).sum() > this.end - first) {
			appendRest(0, first, String.join("", parts), text);
		}
		int start = first;
		for (int i = 0; i < parts.size() && start <= this.end; i++) {
			start(i, start);
			start += parts.get(i).length();
		}
	}

	private void appendRest(int part, int from, String whole, TextAccumulator text) {
		String known = textFrom(from, text);
		if (whole.startsWith(known)) {
			append(part, whole.substring(known.length()), text);
		}
	}

	private String textFrom(int from, TextAccumulator text) {
		return text.chars().subSequence(from, this.end).toString();
	}

}
