package io.github.grokspring.actuate;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import tools.jackson.databind.JsonNode;

/**
 * Reads what {@code GET /v1/models} and {@code GET /v1/language-models} answer.
 */
final class ModelsResponse {

	private ModelsResponse() {
	}

	static ProbeResult read(JsonNode answer, ProbeResult answered) {
		return read(answer.path("data"), "/models", answered);
	}

	static ProbeResult readLanguageModels(JsonNode answer, ProbeResult answered) {
		return read(answer.path("models"), "/language-models", answered);
	}

	private static ProbeResult read(JsonNode models, String path, ProbeResult answered) {
		if (!models.isArray()) {
			return answered.because(ProblemMessages.notXai(path));
		}
		List<String> ids = new ArrayList<>();
		Set<String> names = new HashSet<>();
		for (JsonNode model : models) {
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
