package io.github.grokspring.redaction;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;

import org.jspecify.annotations.Nullable;

/**
 * Values that were recognised by what stood around them, to be found wherever else they
 * stand. A tree of their chars whose branches know where to go on when a value turns out
 * to be another one (Aho and Corasick), so that a text is read but once. Not safe for use
 * by several threads.
 */
final class KnownValues {

	private static final int SHORTEST = 6;

	private static final int LONGEST = 512;

	private static final int CHARS = 1 << 16;

	private final Map<Long, Integer> edges = new HashMap<>();

	private final List<Node> nodes = new ArrayList<>(List.of(new Node(0, 0, ' ')));

	private int values;

	private boolean linked;

	boolean isEmpty() {
		return this.values == 0;
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
			int parent = node;
			char c = value.charAt(i);
			node = this.edges.computeIfAbsent(edge(parent, c), (unknown) -> {
				this.nodes.add(new Node(parent, this.nodes.get(parent).depth + 1, c));
				return this.nodes.size() - 1;
			});
		}
		Node last = this.nodes.get(node);
		if (last.kind == null) {
			last.kind = kind;
			this.values++;
			this.linked = false;
		}
	}

	/**
	 * Find them in a text, as whole words.
	 */
	void find(String text, List<Finding> found) {
		if (!this.linked) {
			link();
		}
		int node = 0;
		for (int i = 0; i < text.length(); i++) {
			node = next(node, text.charAt(i));
			Node reached = this.nodes.get(node);
			int value = (reached.kind != null) ? node : reached.shorter;
			if (value > 0 && (Chars.endsWord(text, i + 1) || !Chars.isWord(text.charAt(i)))) {
				add(text, value, i + 1, found);
			}
		}
	}

	// The longest one that ends here; what is shorter lies in it
	private void add(String text, int longest, int end, List<Finding> found) {
		int value = longest;
		while (value > 0) {
			Node node = this.nodes.get(value);
			int start = end - node.depth;
			if (node.kind != null && (Chars.beginsWord(text, start) || !Chars.isWord(text.charAt(start)))) {
				found.add(new Finding(node.kind, start, end));
				return;
			}
			value = node.shorter;
		}
	}

	private void link() {
		Map<Integer, List<Integer>> children = new HashMap<>();
		for (int i = 1; i < this.nodes.size(); i++) {
			children.computeIfAbsent(this.nodes.get(i).parent, (parent) -> new ArrayList<>(1)).add(i);
		}
		Queue<Integer> queue = new ArrayDeque<>(children.getOrDefault(0, List.of()));
		while (!queue.isEmpty()) {
			int index = queue.remove();
			Node node = this.nodes.get(index);
			node.fallback = (node.parent == 0) ? 0 : next(this.nodes.get(node.parent).fallback, node.last);
			Node fallback = this.nodes.get(node.fallback);
			node.shorter = (fallback.kind != null) ? node.fallback : fallback.shorter;
			queue.addAll(children.getOrDefault(index, List.of()));
		}
		this.linked = true;
	}

	private int next(int from, char c) {
		int node = from;
		Integer next = this.edges.get(edge(node, c));
		while (next == null && node > 0) {
			node = this.nodes.get(node).fallback;
			next = this.edges.get(edge(node, c));
		}
		return (next != null) ? next : 0;
	}

	private static long edge(int node, char c) {
		return (long) node * CHARS + c;
	}

	@Override
	public String toString() {
		return this.values + " values";
	}

	/**
	 * Where one is after some chars.
	 */
	private static final class Node {

		private final int parent;

		private final int depth;

		private final char last;

		/** The kind of the value that ends here, if one does. */
		private @Nullable String kind;

		/** Where the longest other beginning is with which the chars so far end. */
		private int fallback;

		/** Where the longest other value is with which the chars so far end. */
		private int shorter;

		private Node(int parent, int depth, char last) {
			this.parent = parent;
			this.depth = depth;
			this.last = last;
		}

	}

}
