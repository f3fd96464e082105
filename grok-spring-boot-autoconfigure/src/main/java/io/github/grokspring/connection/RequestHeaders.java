package io.github.grokspring.connection;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import org.jspecify.annotations.Nullable;

/**
 * Headers of one request: what options ask for, and what can be sent at all. Values may
 * be secret and are never shown.
 *
 * @since 0.1.0
 */
public final class RequestHeaders {

	private static final String CONVERSATION = "x-grok-conv-id";

	private static final int MAX_CONVERSATION = 128;

	private RequestHeaders() {
	}

	/**
	 * The headers that options ask for: their own, and the id of the conversation unless
	 * prompt caching is off.
	 * @param options the options of the request
	 * @return the headers; a conversation id among those of the options goes first
	 */
	public static Map<String, String> from(GrokChatOptions options) {
		String conversation = conversationId(options);
		Map<String, String> own = options.getHeaders();
		if (conversation == null || own.keySet().stream().anyMatch(CONVERSATION::equalsIgnoreCase)) {
			return own;
		}
		Map<String, String> headers = new LinkedHashMap<>();
		headers.put(CONVERSATION, conversation);
		headers.putAll(own);
		return headers;
	}

	/**
	 * Returns the id of the conversation among headers.
	 * @param headers the headers of a request
	 * @return the id, or {@code null} if there is none
	 */
	public static @Nullable String conversationId(Map<String, String> headers) {
		String id = headers.get(CONVERSATION);
		if (id != null || headers.isEmpty()) {
			return id;
		}
		return headers.entrySet()
			.stream()
			.filter((header) -> CONVERSATION.equalsIgnoreCase(header.getKey()))
			.map(Map.Entry::getValue)
			.findFirst()
			.orElse(null);
	}

	/**
	 * What leads the requests of a conversation to the server that still has its
	 * beginning cached.
	 * @param options the options of the request
	 * @return the id of the conversation, as a header can carry it, or {@code null} if
	 * there is none or prompt caching is off
	 */
	public static @Nullable String conversationId(GrokChatOptions options) {
		String conversation = options.getConversationId();
		return (conversation == null || Boolean.FALSE.equals(options.getPromptCache())) ? null
				: asHeaderValue(conversation);
	}

	/**
	 * Refuse headers that cannot be sent. HTTP clients do too, but some of them late, and
	 * some with the value in their message.
	 * @param headers the headers
	 * @throws GrokApiException of kind {@link ErrorKind#INVALID_REQUEST} if one of them
	 * cannot be sent
	 */
	public static void validate(Map<String, String> headers) {
		headers.forEach((name, value) -> {
			if (!isValid(name, value)) {
				throw GrokApiException
					.builder(ErrorKind.INVALID_REQUEST,
							"The header '" + name
									+ "' of the request cannot be sent, so nothing was sent to xAI. Headers have names "
									+ "without blanks and colons, and values of ASCII characters without line breaks.")
					.sent(false)
					.build();
			}
		});
	}

	/**
	 * Whether HTTP can carry a header.
	 * @param name its name
	 * @param value its value
	 * @return {@code false} if the name is empty or has characters that names do not
	 * have, or the value has line breaks, other control characters or characters beyond
	 * ASCII
	 */
	public static boolean isValid(String name, String value) {
		return !name.isEmpty() && name.chars().allMatch(RequestHeaders::isOfName)
				&& value.chars().allMatch((c) -> c == '\t' || (c >= ' ' && c < 127));
	}

	private static boolean isOfName(int c) {
		return c > ' ' && c < 127 && "\"(),/:;<=>?@[\\]{}".indexOf(c) < 0;
	}

	/**
	 * Ids are chosen by applications and need not fit into a header; any stable one
	 * serves.
	 */
	private static String asHeaderValue(String conversation) {
		boolean fits = conversation.length() <= MAX_CONVERSATION
				&& conversation.chars().allMatch((c) -> c > ' ' && c < 127);
		return fits ? conversation : UUID.nameUUIDFromBytes(conversation.getBytes(StandardCharsets.UTF_8)).toString();
	}

}
