package io.github.grokspring.test;

import java.util.List;
import java.util.Optional;

import tools.jackson.databind.JsonNode;

/**
 * Server-side tools of a request.
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
	 * Returns the first definition of a tool type.
	 */
	Optional<JsonNode> find(String type) {
		return this.definitions.stream()
			.filter((definition) -> definition.get("type").stringValue().equals(type))
			.findFirst();
	}

}
