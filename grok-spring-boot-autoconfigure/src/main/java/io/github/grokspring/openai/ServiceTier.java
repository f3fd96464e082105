package io.github.grokspring.openai;

import java.io.IOException;

import okio.Buffer;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Finds the tier in which an answer was served. Spring AI does not hand it on, but prices
 * depend on it.
 */
final class ServiceTier {

	private static final ByteString NAME = ByteString.encodeUtf8("\"service_tier\"");

	private static final int LONGEST = 32;

	private ServiceTier() {
	}

	/**
	 * The tier that some JSON names. Inside of a text the name could only stand with its
	 * quotes escaped.
	 * @param json the JSON, or a part of it; nothing of it is consumed
	 * @return the tier, or {@code null} if there is none
	 * @throws IOException never, as nothing is read
	 */
	static @Nullable String in(Buffer json) throws IOException {
		long at = json.indexOf(NAME);
		if (at < 0) {
			return null;
		}
		long start = at + NAME.size();
		while (start < json.size() && (json.getByte(start) == ':' || json.getByte(start) == ' ')) {
			start++;
		}
		if (start >= json.size() || json.getByte(start) != '"') {
			return null;
		}
		StringBuilder tier = new StringBuilder();
		for (long i = start + 1; i < json.size() && tier.length() < LONGEST; i++) {
			byte character = json.getByte(i);
			if (character == '"') {
				return tier.toString();
			}
			tier.append((char) character);
		}
		return null;
	}

}
