package io.github.grokspring.test;

/**
 * Status of the API key and its team.
 */
enum KeyStatus {

	VALID,

	KEY_BLOCKED,

	KEY_DISABLED,

	TEAM_BLOCKED;

	/**
	 * Rejects requests to all endpoints other than {@code /api-key} unless the key is
	 * valid.
	 */
	void requireValid() {
		if (this != VALID) {
			throw ApiErrorException.of(403, "permission-denied",
					"Access to the chat endpoint is denied. Please ensure you're using the correct credentials. If you believe this is a mistake, please log into console.x.ai and update the permissions, or contact support.");
		}
	}

}
