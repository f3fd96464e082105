package io.github.grokspring.actuate;

import tools.jackson.databind.JsonNode;

/**
 * Reads what {@code GET /v1/api-key} answers.
 */
final class ApiKeyResponse {

	private ApiKeyResponse() {
	}

	static ProbeResult read(JsonNode answer, ProbeResult answered) {
		if (answer.path("team_blocked").asBoolean(false)) {
			return answered.because(ProblemMessages.teamBlocked());
		}
		if (answer.path("api_key_blocked").asBoolean(false)) {
			return answered.because(ProblemMessages.keyBlocked());
		}
		if (answer.path("api_key_disabled").asBoolean(false)) {
			return answered.because(ProblemMessages.keyDisabled());
		}
		return answer.isObject() ? answered : answered.because(ProblemMessages.notXai("/api-key"));
	}

}
