package io.github.grokspring.cache;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

import io.github.grokspring.chain.Digests;
import org.jspecify.annotations.Nullable;

/**
 * Feeds values into a digest in such a way that different sequences of values are
 * different sequences of bytes: each value says what it is and how long, before it says
 * what it has. Maps are in the order of their keys. Not safe for use by several threads.
 */
final class CanonicalDigest {

	private final MessageDigest digest = Digests.sha256();

	private final byte[] head = new byte[5];

	/**
	 * Add a value.
	 * @param value a text, number, truth value, constant, array of bytes, or a collection
	 * or map of such values
	 * @return this form
	 * @throws UnknownValueException if nothing says when two such values are equal
	 */
	CanonicalDigest add(@Nullable Object value) {
		if (value == null) {
			head('0', 0);
		}
		else if (value instanceof CharSequence text) {
			bytes('s', text.toString());
		}
		else if (value instanceof Number number) {
			bytes('n', number.toString());
		}
		else if (value instanceof Boolean truth) {
			head(truth ? 't' : 'f', 0);
		}
		else if (value instanceof Enum<?> constant) {
			bytes('e', constant.name());
		}
		else if (value instanceof byte[] bytes) {
			bytes('b', bytes);
		}
		else if (value instanceof Collection<?> collection) {
			head('l', collection.size());
			collection.forEach(this::add);
		}
		else if (value instanceof Map<?, ?> map) {
			addMap(map);
		}
		else {
			throw new UnknownValueException();
		}
		return this;
	}

	private void addMap(Map<?, ?> map) {
		Map<String, @Nullable Object> sorted = new TreeMap<>();
		map.forEach((key, value) -> sorted.put(String.valueOf(key), value));
		head('m', sorted.size());
		sorted.forEach((key, value) -> {
			bytes('s', key);
			add(value);
		});
	}

	/**
	 * The digest of all that was added.
	 * @return 64 characters
	 */
	String digest() {
		return HexFormat.of().formatHex(this.digest.digest());
	}

	// Halves of a pair all become the same byte
	private static boolean hasHalf(String text) {
		for (int i = 0; i < text.length(); i++) {
			if (Character.isSurrogate(text.charAt(i))) {
				if (!Character.isHighSurrogate(text.charAt(i)) || i + 1 == text.length()
						|| !Character.isLowSurrogate(text.charAt(i + 1))) {
					return true;
				}
				i++;
			}
		}
		return false;
	}

	private void bytes(char kind, String text) {
		if (hasHalf(text)) {
			throw new UnknownValueException();
		}
		bytes(kind, text.getBytes(StandardCharsets.UTF_8));
	}

	private void bytes(char kind, byte[] bytes) {
		head(kind, bytes.length);
		this.digest.update(bytes);
	}

	private void head(char kind, int length) {
		this.head[0] = (byte) kind;
		this.head[1] = (byte) (length >>> 24);
		this.head[2] = (byte) (length >>> 16);
		this.head[3] = (byte) (length >>> 8);
		this.head[4] = (byte) length;
		this.digest.update(this.head);
	}

	/**
	 * A value of which nothing says what it is equal to.
	 */
	@SuppressWarnings("serial")
	static final class UnknownValueException extends RuntimeException {

		UnknownValueException() {
			super("A value of a request is none of those that can be compared");
		}

	}

}
