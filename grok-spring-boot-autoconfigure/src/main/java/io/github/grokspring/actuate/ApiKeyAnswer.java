package io.github.grokspring.actuate;

import java.time.Duration;

import tools.jackson.databind.JsonNode;

/**
 * Reads what {@code GET /v1/api-key} answers.
 */
final class ApiKeyAnswer {

	private ApiKeyAnswer() {
	}

	static ProbeResult read(JsonNode answer, Duration latency) {
		if (answer.path("team_blocked").asBoolean(false)) {
			return ProbeResult.failed(latency, "permission_denied",
					"The xAI team of the API key is blocked. Look at https://console.x.ai.");
		}
		if (answer.path("api_key_blocked").asBoolean(false)) {
			return ProbeResult.failed(latency, "invalid_api_key",
					"The API key is blocked. Unblock it or make another at https://console.x.ai.");
		}
		if (answer.path("api_key_disabled").asBoolean(false)) {
			return ProbeResult.failed(latency, "invalid_api_key",
					"The API key is disabled. Enable it or make another at https://console.x.ai.");
		}
		return ProbeResult.usable(latency, null);
	}

}
