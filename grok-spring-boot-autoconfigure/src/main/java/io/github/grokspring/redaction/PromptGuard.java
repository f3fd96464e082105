package io.github.grokspring.redaction;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;

import org.springframework.util.Assert;

/**
 * Tells a model where text from outside begins and ends, so that instructions in it are
 * less likely to be obeyed. This makes prompt injection harder; it does not rule it out.
 * Safe for use by several threads.
 *
 * @since 0.1.0
 */
public interface PromptGuard {

	/**
	 * Put a fence around text that is not to be trusted, such as a document in a
	 * template. The fence has a code that nobody outside can know. It depends on the
	 * text, so that the same text gives the same fence as long as the process lives. What
	 * looks like such a fence in the text is taken out, unless this guard has put it
	 * there.
	 * @param text the text
	 * @return the text between two marks; the text itself if it is fenced already
	 */
	String fence(String text);

	/**
	 * What a system message has to say about fences.
	 * @return a paragraph
	 */
	String rule();

	/**
	 * A guard with a secret of its own.
	 * @param random where the secret comes from
	 * @return a guard
	 */
	static PromptGuard create(SecureRandom random) {
		byte[] secret = new byte[32];
		random.nextBytes(secret);
		return new HmacPromptGuard(secret);
	}

	/**
	 * A guard with a secret that others share, whose fences of the same text are the
	 * same.
	 * @param secret the secret, which nobody outside can guess
	 * @return a guard
	 */
	static PromptGuard create(String secret) {
		Assert.hasText(secret, "'secret' must not be empty");
		return new HmacPromptGuard(secret.getBytes(StandardCharsets.UTF_8));
	}

}
