package io.github.grokspring.tool;

import java.util.List;

/**
 * Assertions for the parameters of server-side tools.
 */
final class ToolAssert {

	private ToolAssert() {
	}

	static List<String> names(String parameter, List<String> names, int max) {
		if (names.size() > max) {
			throw new IllegalArgumentException(
					"'" + parameter + "' has " + names.size() + " entries, but xAI accepts at most " + max);
		}
		names.forEach((name) -> text(parameter, name));
		return List.copyOf(names);
	}

	static List<String> handles(String parameter, List<String> handles, int max) {
		return names(parameter,
				handles.stream().map((handle) -> handle.startsWith("@") ? handle.substring(1) : handle).toList(), max);
	}

	static void mutuallyExclusive(String allowed, List<String> allowedNames, String excluded,
			List<String> excludedNames) {
		if (!allowedNames.isEmpty() && !excludedNames.isEmpty()) {
			throw new IllegalArgumentException(
					"'" + allowed + "' and '" + excluded + "' must not be set together: xAI accepts only one of them");
		}
	}

	static void text(String parameter, String text) {
		if (text.isBlank()) {
			throw new IllegalArgumentException("'" + parameter + "' must not be blank or contain a blank entry");
		}
	}

	static void url(String parameter, String url) {
		if (!url.startsWith("https://") && !url.startsWith("http://")) {
			throw new IllegalArgumentException("'" + parameter + "' must begin with https:// or http://");
		}
	}

}
