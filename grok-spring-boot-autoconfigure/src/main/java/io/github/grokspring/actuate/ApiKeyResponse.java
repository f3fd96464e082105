package io.github.grokspring.actuate;

import tools.jackson.databind.JsonNode;

/**
 * Reads responses of {@code GET /v1/api-key}.
 */
final class ApiKeyResponse {

	private ApiKeyResponse() {
	}

	static ProbeResult read(JsonNode response, ProbeResult result) {
		if (response.path("team_blocked").asBoolean(false)) {
			return result.withProblem(ProblemMessages.teamBlocked());
		}
		if (response.path("api_key_blocked").asBoolean(false)) {
			return result.withProblem(ProblemMessages.keyBlocked());
		}
		if (response.path("api_key_disabled").asBoolean(false)) {
			return result.withProblem(ProblemMessages.keyDisabled());
		}
		return response.isObject() ? result : result.withProblem(ProblemMessages.notXai("/api-key"));
	}

}
