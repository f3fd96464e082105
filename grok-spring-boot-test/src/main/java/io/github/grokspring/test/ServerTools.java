package io.github.grokspring.test;

import java.util.List;
import java.util.Optional;

import tools.jackson.databind.JsonNode;

/**
 * The tools of a request that run at xAI.
 */
record ServerTools(List<JsonNode> definitions) {

	static final ServerTools NONE = new ServerTools(List.of());

	boolean isEmpty() {
		return this.definitions.isEmpty();
	}

	boolean offers(String type) {
		return find(type).isPresent();
	}

	/**
	 * Finds a tool.
	 * @param type for example {@code web_search}
	 * @return its first definition
	 */
	Optional<JsonNode> find(String type) {
		return this.definitions.stream()
			.filter((definition) -> definition.get("type").stringValue().equals(type))
			.findFirst();
	}

}
