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
 * Random content that stands for encrypted reasoning. Accepted only unchanged, by models
 * of the same family and with the same API key.
 */
final class EncryptedContent {

	private static final String ALGORITHM = "HmacSHA256";

	private static final SecretKeySpec KEY = new SecretKeySpec(
			"The stand-in keeps no secrets".getBytes(StandardCharsets.US_ASCII), ALGORITHM);

	/**
	 * Together with the seal a multiple of three bytes, so that Base64 has no padding or
	 * unused bits that could be changed unnoticed.
	 */
	private static final int CONTENT_LENGTH = 160;

	private static final int SEAL_LENGTH = 32;

	private EncryptedContent() {
	}

	static String of(String prefix, Model model, String apiKey) {
		byte[] content = new byte[CONTENT_LENGTH];
		ThreadLocalRandom.current().nextBytes(content);
		byte[] bytes = Arrays.copyOf(content, CONTENT_LENGTH + SEAL_LENGTH);
		System.arraycopy(seal(prefix, model, apiKey, content), 0, bytes, CONTENT_LENGTH, SEAL_LENGTH);
		return prefix + Base64.getEncoder().encodeToString(bytes);
	}

	static boolean isAccepted(String content, Model model, String apiKey) {
		int start = content.lastIndexOf('_') + 1;
		byte[] bytes;
		try {
			bytes = Base64.getDecoder().decode(content.substring(start));
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
		if (bytes.length != CONTENT_LENGTH + SEAL_LENGTH) {
			return false;
		}
		byte[] seal = seal(content.substring(0, start), model, apiKey, Arrays.copyOf(bytes, CONTENT_LENGTH));
		return MessageDigest.isEqual(seal, Arrays.copyOfRange(bytes, CONTENT_LENGTH, bytes.length));
	}

	private static byte[] seal(String prefix, Model model, String apiKey, byte[] content) {
		try {
			Mac mac = Mac.getInstance(ALGORITHM);
			mac.init(KEY);
			mac.update((model.family() + '\n' + apiKey + '\n' + prefix).getBytes(StandardCharsets.UTF_8));
			return mac.doFinal(content);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ALGORITHM + " is not available", ex);
		}
	}

}
