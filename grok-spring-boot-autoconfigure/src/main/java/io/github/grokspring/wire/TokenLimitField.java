package io.github.grokspring.wire;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The one limit of visible tokens, which has another name on each endpoint and an older
 * one besides.
 *
 * @since 0.1.0
 */
public final class TokenLimitField {

	private static final List<String> NAMES = List.of("max_completion_tokens", "max_output_tokens", "max_tokens");

	private TokenLimitField() {
	}

	/**
	 * An extra body in which the limit has the name that the endpoint knows.
	 * @param name the name on the endpoint
	 * @param extraBody the extra body, which stays as it is
	 * @return the extra body with at most one limit, the one of that name going first
	 */
	public static Map<String, Object> normalize(String name, Map<String, Object> extraBody) {
		if (extraBody.isEmpty() || NAMES.stream().noneMatch(extraBody::containsKey)) {
			return extraBody;
		}
		Map<String, Object> named = new LinkedHashMap<>(extraBody);
		for (String other : NAMES) {
			Object limit = other.equals(name) ? null : named.remove(other);
			if (limit != null) {
				named.putIfAbsent(name, limit);
			}
		}
		return named;
	}

}
