package io.github.grokspring.responses;

import java.util.ArrayList;
import java.util.List;

import io.github.grokspring.wire.TextAccumulator;

/**
 * Positions of the parts of an item in the text of the response. Merges deltas and
 * complete parts without repeating text.
 * <p>
 * Not thread-safe.
 */
final class TextParts {

	private final List<Integer> starts = new ArrayList<>(0);

	private int end = -1;

	// Interleaved with text of another item, so it cannot be compared
	private boolean interleaved;

	boolean isEmpty() {
		return this.end < 0;
	}

	/**
	 * Returns the start of a part in the text of the response.
	 * @param part the index of the part
	 * @param defaultStart the start if the part is new
	 */
	int start(int part, int defaultStart) {
		while (this.starts.size() <= part) {
			this.starts.add(defaultStart);
		}
		return this.starts.get(part);
	}

	void append(int part, String delta, TextAccumulator text) {
		int from = text.length();
		this.interleaved |= this.end >= 0 && this.end != from;
		start(part, from);
		text.append(delta);
		this.end = text.length();
	}

	boolean isShorterThan(int part, int length) {
		if (isEmpty() || part >= this.starts.size()) {
			return length > 0;
		}
		return !this.interleaved && part == this.starts.size() - 1 && this.end - this.starts.get(part) < length;
	}

	/**
	 * Adds the rest of a part that is complete.
	 */
	void complete(int part, String fullText, TextAccumulator text) {
		if (!isShorterThan(part, fullText.length())) {
			return;
		}
		if (isEmpty()) {
			append(part, fullText, text);
		}
		else if (part >= this.starts.size()) {
			// Deltas without an index have been assigned to an earlier part
			if (!this.interleaved && textFrom(this.starts.get(0), text).endsWith(fullText)) {
				start(part, this.end - fullText.length());
			}
			else {
				append(part, fullText, text);
			}
		}
		else {
			appendRest(part, this.starts.get(part), fullText, text);
		}
	}

	/**
	 * Adds the rest of an item that is complete.
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

	private void appendRest(int part, int from, String fullText, TextAccumulator text) {
		String known = textFrom(from, text);
		if (fullText.startsWith(known)) {
			append(part, fullText.substring(known.length()), text);
		}
	}

	private String textFrom(int from, TextAccumulator text) {
		return text.chars().subSequence(from, this.end).toString();
	}

}
