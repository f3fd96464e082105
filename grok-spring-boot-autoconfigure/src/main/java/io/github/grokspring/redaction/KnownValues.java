package io.github.grokspring.redaction;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Values that were recognised by what stood around them, to be found wherever else they
 * stand. A tree of their chars, so that a text is read but once. Not safe for use by
 * several threads while it grows.
 */
final class KnownValues {

	private static final int SHORTEST = 6;

	private static final int LONGEST = 512;

	private static final int CHARS = 1 << 16;

	private final Map<Long, Integer> edges = new HashMap<>();

	private final Map<Integer, String> kinds = new HashMap<>();

	private int nodes = 1;

	boolean isEmpty() {
		return this.kinds.isEmpty();
	}

	/**
	 * Look for a value from now on, unless it is so short that it may be anything.
	 */
	void add(String value, String kind) {
		if (value.length() < SHORTEST || value.length() > LONGEST) {
			return;
		}
		int node = 0;
		for (int i = 0; i < value.length(); i++) {
			Integer next = this.edges.putIfAbsent(edge(node, value.charAt(i)), this.nodes);
			node = (next != null) ? next : this.nodes++;
		}
		this.kinds.putIfAbsent(node, kind);
	}

	/**
	 * Find them in a text, as whole words.
	 */
	void find(String text, List<Finding> found) {
		for (int i = 0; i < text.length(); i++) {
			if (Chars.isWord(text.charAt(i)) && !Chars.beginsWord(text, i)) {
				continue;
			}
			int node = 0;
			int end = -1;
			String kind = "";
			for (int at = i; at < text.length(); at++) {
				Integer next = this.edges.get(edge(node, text.charAt(at)));
				if (next == null) {
					break;
				}
				node = next;
				String known = this.kinds.get(node);
				if (known != null && (Chars.endsWord(text, at + 1) || !Chars.isWord(text.charAt(at)))) {
					end = at + 1;
					kind = known;
				}
			}
			if (end > 0) {
				found.add(new Finding(kind, i, end));
				i = end - 1;
			}
		}
	}

	private static long edge(int node, char c) {
		return (long) node * CHARS + c;
	}

	@Override
	public String toString() {
		return this.kinds.size() + " values";
	}

}
