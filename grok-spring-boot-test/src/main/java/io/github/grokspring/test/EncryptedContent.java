package io.github.grokspring.test;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.ThreadLocalRandom;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypted reasoning as clients see it: bytes that mean nothing to them, that only
 * models of one family accept, only unaltered, and only with the key they were given for.
 * There is nothing inside.
 */
final class EncryptedContent {

	private static final String ALGORITHM = "HmacSHA256";

	private static final SecretKeySpec KEY = new SecretKeySpec(
			"The stand-in keeps no secrets".getBytes(StandardCharsets.US_ASCII), ALGORITHM);

	/**
	 * Together with the seal a multiple of three: no padding, no unused bits that could
	 * be altered unnoticed.
	 */
	private static final int CONTENT = 160;

	private static final int SEAL = 32;

	private EncryptedContent() {
	}

	/**
	 * Makes the content of a reasoning item.
	 * @param prefix what the text begins with, empty or ending with an underscore
	 * @param model the model that thought
	 * @param apiKey the key it was asked with
	 * @return the prefix and bytes as text
	 */
	static String of(String prefix, Model model, String apiKey) {
		byte[] content = new byte[CONTENT];
		ThreadLocalRandom.current().nextBytes(content);
		byte[] bytes = Arrays.copyOf(content, CONTENT + SEAL);
		System.arraycopy(seal(prefix, model, apiKey, content), 0, bytes, CONTENT, SEAL);
		return prefix + Base64.getEncoder().encodeToString(bytes);
	}

	/**
	 * Whether a model accepts a content.
	 * @param content what a client sent
	 * @param model the model that shall go on from there
	 * @param apiKey the key it is asked with
	 * @return {@code false} if it was altered or comes from another family or key
	 */
	static boolean isAccepted(String content, Model model, String apiKey) {
		int start = content.lastIndexOf('_') + 1;
		byte[] bytes;
		try {
			bytes = Base64.getDecoder().decode(content.substring(start));
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
		if (bytes.length != CONTENT + SEAL) {
			return false;
		}
		byte[] seal = seal(content.substring(0, start), model, apiKey, Arrays.copyOf(bytes, CONTENT));
		return MessageDigest.isEqual(seal, Arrays.copyOfRange(bytes, CONTENT, bytes.length));
	}

	private static byte[] seal(String prefix, Model model, String apiKey, byte[] content) {
		try {
			Mac mac = Mac.getInstance(ALGORITHM);
			mac.init(KEY);
			mac.update((model.family() + '\n' + apiKey + '\n' + prefix).getBytes(StandardCharsets.UTF_8));
			return mac.doFinal(content);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("Every Java platform has " + ALGORITHM, ex);
		}
	}

}
