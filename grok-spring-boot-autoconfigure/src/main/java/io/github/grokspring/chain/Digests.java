package io.github.grokspring.chain;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Creates SHA-256 digests and message authentication codes.
 *
 * @since 0.1.0
 */
public final class Digests {

	private static final String SHA_256 = "SHA-256";

	private static final String HMAC_SHA_256 = "HmacSHA256";

	private Digests() {
	}

	/**
	 * Creates a SHA-256 digest.
	 * @return a new digest
	 */
	public static MessageDigest sha256() {
		try {
			return MessageDigest.getInstance(SHA_256);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(SHA_256 + " is not available", ex);
		}
	}

	/**
	 * Creates an HMAC-SHA-256 code.
	 * @param secret the secret, not empty
	 * @return a new code that is initialized with the secret
	 */
	public static Mac hmacSha256(byte[] secret) {
		try {
			Mac mac = Mac.getInstance(HMAC_SHA_256);
			mac.init(new SecretKeySpec(secret, HMAC_SHA_256));
			return mac;
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(HMAC_SHA_256 + " is not available", ex);
		}
	}

}
