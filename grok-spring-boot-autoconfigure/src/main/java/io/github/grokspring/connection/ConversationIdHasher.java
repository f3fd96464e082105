package io.github.grokspring.connection;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.function.Supplier;

import javax.crypto.Mac;

import io.github.grokspring.chain.Digests;
import io.github.grokspring.chain.GrokChatOptions;
import org.jspecify.annotations.Nullable;

/**
 * Replaces conversation IDs, which may contain personal data, with keyed hashes before
 * they are sent. Instances with the same secret create the same hashes and share xAI's
 * prompt cache. Thread-safe.
 *
 * @since 0.1.0
 */
public final class ConversationIdHasher {

	/** Separates these hashes from other uses of the same secret. */
	private static final byte[] PURPOSE = "grok-conversation:".getBytes(StandardCharsets.UTF_8);

	private static final int BYTES = 16;

	private final Supplier<@Nullable String> secret;

	private final byte[] fallback = new byte[32];

	/**
	 * Creates a hasher.
	 * @param secret supplies the secret for each request; if it supplies none or fails, a
	 * random secret of this instance is used
	 */
	public ConversationIdHasher(Supplier<@Nullable String> secret) {
		this.secret = secret;
		new SecureRandom().nextBytes(this.fallback);
	}

	/**
	 * Replaces the conversation ID of options with its hash.
	 * @param options the options of a request
	 * @return the options to send
	 */
	public GrokChatOptions withHashedId(GrokChatOptions options) {
		String conversationId = options.getConversationId();
		return (conversationId == null || Boolean.FALSE.equals(options.getPromptCache())) ? options
				: options.mutate().conversationId(hash(conversationId)).build();
	}

	/**
	 * Returns the conversation ID that a request sends.
	 * @param options the options of the request
	 * @return the ID, or {@code null} if none is sent
	 */
	public @Nullable String sentId(GrokChatOptions options) {
		return RequestHeaders.conversationId(RequestHeaders.from(withHashedId(options)));
	}

	/**
	 * Returns the hash of a conversation ID.
	 * @param conversationId the conversation ID
	 * @return 32 hexadecimal digits
	 */
	public String hash(String conversationId) {
		Mac mac = Digests.hmacSha256(key());
		mac.update(PURPOSE);
		return HexFormat.of().formatHex(mac.doFinal(conversationId.getBytes(StandardCharsets.UTF_8)), 0, BYTES);
	}

	private byte[] key() {
		String secret;
		try {
			secret = this.secret.get();
		}
		catch (Exception ex) {
			// Sending the request reports the missing key
			secret = null;
		}
		return (secret == null || secret.isBlank()) ? this.fallback : secret.strip().getBytes(StandardCharsets.UTF_8);
	}

}
