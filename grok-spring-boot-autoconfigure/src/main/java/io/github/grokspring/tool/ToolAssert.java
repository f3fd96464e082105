package io.github.grokspring.tool;

import java.util.List;

/**
 * What xAI wants of the parameters of its tools.
 */
final class ToolAssert {

	private ToolAssert() {
	}

	static List<String> names(String parameter, List<String> names, int most) {
		if (names.size() > most) {
			throw new IllegalArgumentException(
					"'" + parameter + "' has " + names.size() + " entries, and xAI takes at most " + most);
		}
		names.forEach((name) -> text(parameter, name));
		return List.copyOf(names);
	}

	static List<String> handles(String parameter, List<String> handles, int most) {
		return names(parameter,
				handles.stream().map((handle) -> handle.startsWith("@") ? handle.substring(1) : handle).toList(), most);
	}

	static void eitherOr(String allowed, List<String> allowedNames, String excluded, List<String> excludedNames) {
		if (!allowedNames.isEmpty() && !excludedNames.isEmpty()) {
			throw new IllegalArgumentException(
					"'" + allowed + "' and '" + excluded + "' must not be set together: xAI takes one of them");
		}
	}

	static void text(String parameter, String text) {
		if (text.isBlank()) {
			throw new IllegalArgumentException("'" + parameter + "' must not be or contain an empty text");
		}
	}

	static void url(String parameter, String url) {
		if (!url.startsWith("https://") && !url.startsWith("http://")) {
			throw new IllegalArgumentException("'" + parameter + "' must begin with https:// or http://");
		}
	}

}
