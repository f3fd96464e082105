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
 * models of one family accept, and only unaltered. There is nothing inside.
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
	 * @param model the model that thought
	 * @return bytes as text
	 */
	static String of(Model model) {
		return prefixed("", model);
	}

	/**
	 * Makes the content of an item with the output of a tool.
	 * @param itemId the id of the item
	 * @param model the model that used the tool
	 * @return the id and bytes as text
	 */
	static String of(String itemId, Model model) {
		return prefixed(itemId + "_", model);
	}

	/**
	 * Whether a model accepts a content.
	 * @param content what a client sent
	 * @param model the model that shall go on from there
	 * @return {@code false} if it was altered or comes from another family
	 */
	static boolean isAccepted(String content, Model model) {
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
		byte[] seal = seal(content.substring(0, start), model, Arrays.copyOf(bytes, CONTENT));
		return MessageDigest.isEqual(seal, Arrays.copyOfRange(bytes, CONTENT, bytes.length));
	}

	private static String prefixed(String prefix, Model model) {
		byte[] content = new byte[CONTENT];
		ThreadLocalRandom.current().nextBytes(content);
		byte[] bytes = Arrays.copyOf(content, CONTENT + SEAL);
		System.arraycopy(seal(prefix, model, content), 0, bytes, CONTENT, SEAL);
		return prefix + Base64.getEncoder().encodeToString(bytes);
	}

	private static byte[] seal(String prefix, Model model, byte[] content) {
		try {
			Mac mac = Mac.getInstance(ALGORITHM);
			mac.init(KEY);
			mac.update((model.family() + '\n' + prefix).getBytes(StandardCharsets.UTF_8));
			return mac.doFinal(content);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("Every Java platform has " + ALGORITHM, ex);
		}
	}

}
