package io.github.grokspring.actuate;

import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;

import tools.jackson.databind.JsonNode;

/**
 * Reads what {@code GET /v1/models} answers.
 */
final class ModelsAnswer {

	private ModelsAnswer() {
	}

	static ProbeResult read(JsonNode answer, Duration latency) {
		if (!answer.path("data").isArray()) {
			return ProbeResult.failed(latency, "unknown",
					"The answer to /models is no list of models. Check that 'grok.base-url' leads to xAI.");
		}
		Set<String> names = new TreeSet<>();
		for (JsonNode model : answer.path("data")) {
			names.add(model.path("id").asString(""));
			model.path("aliases").forEach((alias) -> names.add(alias.asString("")));
		}
		names.remove("");
		return ProbeResult.usable(latency, names);
	}

}
