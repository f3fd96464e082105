package io.github.grokspring.actuate;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import tools.jackson.databind.JsonNode;

/**
 * Reads what {@code GET /v1/models} answers.
 */
final class ModelsAnswer {

	private ModelsAnswer() {
	}

	static ProbeResult read(JsonNode answer, ProbeResult answered) {
		if (!answer.path("data").isArray()) {
			return answered.because(Problems.notXai("/models"));
		}
		List<String> ids = new ArrayList<>();
		Set<String> names = new HashSet<>();
		for (JsonNode model : answer.path("data")) {
			String id = model.path("id").asString("");
			if (!id.isEmpty()) {
				ids.add(id);
				names.add(id);
				model.path("aliases").forEach((alias) -> names.add(alias.asString("")));
			}
		}
		return answered.serving(ids, names);
	}

}
