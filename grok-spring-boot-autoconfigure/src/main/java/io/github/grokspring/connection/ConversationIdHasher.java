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
 * Replaces ids of conversations, which may be names or addresses of people, by codes
 * before they are sent. The codes are made with a secret, so that xAI cannot guess ids;
 * instances with the same secret make the same codes and share xAI's prompt cache. Safe
 * for use by several threads.
 *
 * @since 0.1.0
 */
public final class ConversationIdHasher {

	/** Nothing else that is made with the same secret begins like this. */
	private static final byte[] PURPOSE = "grok-conversation:".getBytes(StandardCharsets.UTF_8);

	private static final int BYTES = 16;

	private final Supplier<@Nullable String> secret;

	private final byte[] fallback = new byte[32];

	/**
	 * Make codes with a secret.
	 * @param secret gives the secret, asked for every request; where it gives none, or
	 * fails, a secret of this object's own is used
	 */
	public ConversationIdHasher(Supplier<@Nullable String> secret) {
		this.secret = secret;
		new SecureRandom().nextBytes(this.fallback);
	}

	/**
	 * Options as they may be sent.
	 * @param options the options of a request
	 * @return the same with a code in the place of the conversation id
	 */
	public GrokChatOptions withHashedId(GrokChatOptions options) {
		String conversation = options.getConversationId();
		return (conversation == null || Boolean.FALSE.equals(options.getPromptCache())) ? options
				: options.mutate().conversationId(hash(conversation)).build();
	}

	/**
	 * Returns the id of the conversation as a request sends it.
	 * @param options the options of the request
	 * @return the id, or {@code null} if none is sent
	 */
	public @Nullable String sentId(GrokChatOptions options) {
		return RequestHeaders.conversationId(RequestHeaders.from(withHashedId(options)));
	}

	/**
	 * The code of a conversation.
	 * @param conversation the id of the conversation
	 * @return 32 hexadecimal digits
	 */
	public String hash(String conversation) {
		Mac mac = Digests.hmacSha256(key());
		mac.update(PURPOSE);
		return HexFormat.of().formatHex(mac.doFinal(conversation.getBytes(StandardCharsets.UTF_8)), 0, BYTES);
	}

	private byte[] key() {
		String secret;
		try {
			secret = this.secret.get();
		}
		catch (Exception ex) {
			// The request fails for want of a key, which is said where it is sent.
			secret = null;
		}
		return (secret == null || secret.isBlank()) ? this.fallback : secret.strip().getBytes(StandardCharsets.UTF_8);
	}

}
