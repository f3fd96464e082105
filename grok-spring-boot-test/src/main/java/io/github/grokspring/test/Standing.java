package io.github.grokspring.test;

/**
 * How the key and its team stand with xAI.
 */
enum Standing {

	GOOD,

	KEY_BLOCKED,

	KEY_DISABLED,

	TEAM_BLOCKED;

	/**
	 * What a request is told by every endpoint but the one that describes the key.
	 * @throws Refusal unless the standing is good
	 */
	void check() {
		if (this != GOOD) {
			throw Refusal.of(403, "permission-denied",
					"Access to the chat endpoint is denied. Please ensure you're using the correct credentials. If you believe this is a mistake, please log into console.x.ai and update the permissions, or contact support.");
		}
	}

}
