package io.github.grokspring.redaction;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;

import org.springframework.util.Assert;

/**
 * Marks untrusted text in prompts, so that a model is less likely to follow instructions
 * in it. This makes prompt injection harder but does not prevent it. Thread-safe.
 *
 * @since 0.1.0
 */
public interface PromptGuard {

	/**
	 * Fences untrusted text, such as a document in a template. The fence contains a code
	 * that outsiders cannot guess. The code depends on the text, so that the same text
	 * gets the same fence during the lifetime of the secret. Forged fences in the text
	 * are removed, while fences of this guard are retained.
	 * @param text the text
	 * @return the fenced text, or the text itself if it is already fenced
	 */
	String fence(String text);

	/**
	 * Returns the rule about fences for the system message.
	 * @return a paragraph
	 */
	String rule();

	/**
	 * Creates a guard with a random secret.
	 * @param random the source of the secret
	 * @return the guard
	 */
	static PromptGuard create(SecureRandom random) {
		byte[] secret = new byte[32];
		random.nextBytes(secret);
		return new HmacPromptGuard(secret);
	}

	/**
	 * Creates a guard with a given secret. Guards with the same secret create the same
	 * fences.
	 * @param secret a secret that cannot be guessed
	 * @return the guard
	 */
	static PromptGuard create(String secret) {
		Assert.hasText(secret, "'secret' must not be empty");
		return new HmacPromptGuard(secret.getBytes(StandardCharsets.UTF_8));
	}

}
