package io.github.grokspring.wire;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Normalizes the limit of visible tokens, whose field name differs between the endpoints.
 *
 * @since 0.1.0
 */
public final class TokenLimitField {

	private static final List<String> NAMES = List.of("max_completion_tokens", "max_output_tokens", "max_tokens");

	private TokenLimitField() {
	}

	/**
	 * Renames the limits in an extra body to the name used by the endpoint.
	 * @param name the name used by the endpoint, which takes precedence
	 * @param extraBody the extra body, which is not changed
	 * @return an extra body with at most one limit
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
