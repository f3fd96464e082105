package io.github.grokspring.actuate;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import tools.jackson.databind.JsonNode;

/**
 * Reads responses of {@code GET /v1/models} and {@code GET /v1/language-models}.
 */
final class ModelsResponse {

	private ModelsResponse() {
	}

	static ProbeResult read(JsonNode response, ProbeResult result) {
		return read(response.path("data"), "/models", result);
	}

	static ProbeResult readLanguageModels(JsonNode response, ProbeResult result) {
		return read(response.path("models"), "/language-models", result);
	}

	private static ProbeResult read(JsonNode models, String path, ProbeResult result) {
		if (!models.isArray()) {
			return result.withProblem(ProblemMessages.notXai(path));
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
		return result.withModels(ids, names);
	}

}
