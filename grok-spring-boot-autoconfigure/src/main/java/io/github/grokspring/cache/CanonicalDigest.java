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
 * Computes a digest of a sequence of values. Each value is prefixed with its type and
 * length, so that different sequences never yield the same bytes. Maps are sorted by key.
 * Not thread-safe.
 */
final class CanonicalDigest {

	private final MessageDigest digest = Digests.sha256();

	private final byte[] head = new byte[5];

	/**
	 * Adds a value.
	 * @throws UnknownValueException if equality of the value is not defined
	 */
	CanonicalDigest add(@Nullable Object value) {
		if (value == null) {
			addHeader('0', 0);
		}
		else if (value instanceof CharSequence text) {
			addBytes('s', text.toString());
		}
		else if (value instanceof Number number) {
			addBytes('n', number.toString());
		}
		else if (value instanceof Boolean flag) {
			addHeader(flag ? 't' : 'f', 0);
		}
		else if (value instanceof Enum<?> constant) {
			addBytes('e', constant.name());
		}
		else if (value instanceof byte[] bytes) {
			addBytes('b', bytes);
		}
		else if (value instanceof Collection<?> collection) {
			addHeader('l', collection.size());
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
		addHeader('m', sorted.size());
		sorted.forEach((key, value) -> {
			addBytes('s', key);
			add(value);
		});
	}

	/**
	 * Returns the digest of all values as 64 hexadecimal characters.
	 */
	String digest() {
		return HexFormat.of().formatHex(this.digest.digest());
	}

	// UTF-8 encodes every unpaired surrogate as the same byte
	private static boolean hasUnpairedSurrogate(String text) {
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

	private void addBytes(char kind, String text) {
		if (hasUnpairedSurrogate(text)) {
			throw new UnknownValueException();
		}
		addBytes(kind, text.getBytes(StandardCharsets.UTF_8));
	}

	private void addBytes(char kind, byte[] bytes) {
		addHeader(kind, bytes.length);
		this.digest.update(bytes);
	}

	private void addHeader(char kind, int length) {
		this.head[0] = (byte) kind;
		this.head[1] = (byte) (length >>> 24);
		this.head[2] = (byte) (length >>> 16);
		this.head[3] = (byte) (length >>> 8);
		this.head[4] = (byte) length;
		this.digest.update(this.head);
	}

	@SuppressWarnings("serial")
	static final class UnknownValueException extends RuntimeException {

		UnknownValueException() {
			super("Equality of a request value is not defined");
		}

	}

}
