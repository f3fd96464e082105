package io.github.grokspring.catalog;

import org.jspecify.annotations.Nullable;

/**
 * Finds the longest known name that another name continues after a hyphen, in one walk
 * along it and without cutting pieces off: the hash of what lies behind is carried along,
 * and equals that of the known name.
 *
 * @param <T> what is kept for a name
 */
final class NamePrefixes<T> {

	private final @Nullable String[] names;

	private final @Nullable Object[] values;

	/**
	 * Create prefixes.
	 * @param size how many names there will be at most
	 */
	NamePrefixes(int size) {
		int slots = Integer.highestOneBit(Math.max(4, size)) * 4;
		this.names = new String[slots];
		this.values = new Object[slots];
	}

	void put(String name, T value) {
		int slot = slot(name.hashCode());
		String there = this.names[slot];
		while (there != null && !there.equals(name)) {
			slot = slot(slot + 1);
			there = this.names[slot];
		}
		this.names[slot] = name;
		this.values[slot] = value;
	}

	@Nullable T longestOf(String name) {
		T longest = null;
		int hash = 0;
		for (int i = 0; i < name.length(); i++) {
			char character = name.charAt(i);
			if (character == '-') {
				T value = get(name, i, hash);
				longest = (value != null) ? value : longest;
			}
			hash = 31 * hash + character;
		}
		return longest;
	}

	@SuppressWarnings("unchecked")
	private @Nullable T get(String name, int length, int hash) {
		int slot = slot(hash);
		for (String there = this.names[slot]; there != null; there = this.names[slot]) {
			if (there.length() == length && name.startsWith(there)) {
				return (T) this.values[slot];
			}
			slot = slot(slot + 1);
		}
		return null;
	}

	private int slot(int hash) {
		return (hash ^ (hash >>> 16)) & (this.names.length - 1);
	}

}
