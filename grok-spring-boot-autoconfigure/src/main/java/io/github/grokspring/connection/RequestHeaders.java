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
 * Creates and validates headers of requests. Header values may be secret and do not
 * appear in messages.
 *
 * @since 0.1.0
 */
public final class RequestHeaders {

	private static final String CONVERSATION_ID = "x-grok-conv-id";

	private static final int MAX_CONVERSATION_ID_LENGTH = 128;

	private RequestHeaders() {
	}

	/**
	 * Returns the headers for the options of a request, including the conversation ID
	 * unless prompt caching is disabled.
	 * @param options the options
	 * @return the headers; a conversation ID among the headers of the options takes
	 * precedence
	 */
	public static Map<String, String> from(GrokChatOptions options) {
		String conversationId = conversationId(options);
		Map<String, String> configured = options.getHeaders();
		if (conversationId == null || configured.keySet().stream().anyMatch(CONVERSATION_ID::equalsIgnoreCase)) {
			return configured;
		}
		Map<String, String> headers = new LinkedHashMap<>();
		headers.put(CONVERSATION_ID, conversationId);
		headers.putAll(configured);
		return headers;
	}

	/**
	 * Returns the conversation ID in the headers of a request.
	 * @param headers the headers
	 * @return the ID, or {@code null} if there is none
	 */
	public static @Nullable String conversationId(Map<String, String> headers) {
		String id = headers.get(CONVERSATION_ID);
		if (id != null || headers.isEmpty()) {
			return id;
		}
		return headers.entrySet()
			.stream()
			.filter((header) -> CONVERSATION_ID.equalsIgnoreCase(header.getKey()))
			.map(Map.Entry::getValue)
			.findFirst()
			.orElse(null);
	}

	/**
	 * Returns the conversation ID as a header value. xAI routes requests with the same ID
	 * to the server that has the prompt prefix cached.
	 * @param options the options of the request
	 * @return the ID, or {@code null} if there is none or prompt caching is disabled
	 */
	public static @Nullable String conversationId(GrokChatOptions options) {
		String conversationId = options.getConversationId();
		return (conversationId == null || Boolean.FALSE.equals(options.getPromptCache())) ? null
				: asHeaderValue(conversationId);
	}

	/**
	 * Validates headers before the HTTP client does, which fails late and may include the
	 * value in its message.
	 * @param headers the headers
	 * @throws GrokApiException of kind {@link ErrorKind#INVALID_REQUEST} if a header is
	 * invalid
	 */
	public static void validate(Map<String, String> headers) {
		headers.forEach((name, value) -> {
			if (!isValid(name, value)) {
				throw GrokApiException
					.builder(ErrorKind.INVALID_REQUEST,
							"The request header '" + name + "' is invalid, so nothing was sent to xAI. Use names "
									+ "without spaces and colons, and values of ASCII characters without line breaks.")
					.sent(false)
					.build();
			}
		});
	}

	/**
	 * Returns whether a header is valid: its name is not empty and has only permitted
	 * characters, and its value has neither line breaks nor other control characters nor
	 * characters beyond ASCII.
	 * @param name the name
	 * @param value the value
	 * @return {@code true} if HTTP can transmit the header
	 */
	public static boolean isValid(String name, String value) {
		return !name.isEmpty() && name.chars().allMatch(RequestHeaders::isNameCharacter)
				&& value.chars().allMatch((c) -> c == '\t' || (c >= ' ' && c < 127));
	}

	private static boolean isNameCharacter(int c) {
		return c > ' ' && c < 127 && "\"(),/:;<=>?@[\\]{}".indexOf(c) < 0;
	}

	// The ID is chosen by the application and may not be a valid header value
	private static String asHeaderValue(String conversationId) {
		boolean fits = conversationId.length() <= MAX_CONVERSATION_ID_LENGTH
				&& conversationId.chars().allMatch((c) -> c > ' ' && c < 127);
		return fits ? conversationId
				: UUID.nameUUIDFromBytes(conversationId.getBytes(StandardCharsets.UTF_8)).toString();
	}

}
