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
	private boolean scattered;

	boolean isEmpty() {
		return this.end < 0;
	}

	/**
	 * Where a part begins.
	 * @param part position of the part
	 * @param here where it begins if it has not begun yet
	 * @return the position in the text of the response
	 */
	int start(int part, int here) {
		while (this.starts.size() <= part) {
			this.starts.add(here);
		}
		return this.starts.get(part);
	}

	/**
	 * Add a piece of a part.
	 */
	void add(int part, String piece, TextAccumulator text) {
		int from = text.length();
		this.scattered |= this.end >= 0 && this.end != from;
		start(part, from);
		text.append(piece);
		this.end = text.length();
	}

	/**
	 * Whether a part is shorter than it is said to be.
	 */
	boolean lacks(int part, int length) {
		if (isEmpty() || part >= this.starts.size()) {
			return length > 0;
		}
		return !this.scattered && part == this.starts.size() - 1 && this.end - this.starts.get(part) < length;
	}

	/**
	 * A part is complete: add what has not come in pieces.
	 */
	void complete(int part, String whole, TextAccumulator text) {
		if (!lacks(part, whole.length())) {
			return;
		}
		if (isEmpty()) {
			add(part, whole, text);
		}
		else if (part >= this.starts.size()) {
			// Unless the pieces did not tell which part they belong to
			if (!this.scattered && known(this.starts.get(0), text).endsWith(whole)) {
				start(part, this.end - whole.length());
			}
			else {
				add(part, whole, text);
			}
		}
		else {
			addRest(part, this.starts.get(part), whole, text);
		}
	}

	/**
	 * The item is complete: add what has not come in pieces.
	 */
	void complete(List<String> parts, TextAccumulator text) {
		if (isEmpty()) {
			for (int i = 0; i < parts.size(); i++) {
				if (!parts.get(i).isEmpty()) {
					add(i, parts.get(i), text);
				}
			}
			return;
		}
		if (this.scattered) {
			return;
		}
		int first = this.starts.get(0);
		if (parts.stream().mapToInt(String::length).sum() > this.end - first) {
			addRest(0, first, String.join("", parts), text);
		}
		int start = first;
		for (int i = 0; i < parts.size() && start <= this.end; i++) {
			start(i, start);
			start += parts.get(i).length();
		}
	}

	private void addRest(int part, int from, String whole, TextAccumulator text) {
		String known = known(from, text);
		if (whole.startsWith(known)) {
			add(part, whole.substring(known.length()), text);
		}
	}

	private String known(int from, TextAccumulator text) {
		return text.chars().subSequence(from, this.end).toString();
	}

}
