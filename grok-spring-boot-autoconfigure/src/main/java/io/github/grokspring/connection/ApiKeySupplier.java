package io.github.grokspring.connection;

import java.util.function.Supplier;

import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import org.jspecify.annotations.Nullable;

/**
 * Resolves and validates the API key of a request. The key does not appear in messages.
 *
 * @since 0.1.0
 */
public final class ApiKeySupplier {

	private ApiKeySupplier() {
	}

	/**
	 * Resolves the key.
	 * @param supplier supplies the key
	 * @return the key without surrounding whitespace
	 * @throws GrokApiException if the supplier fails, returns no key, or returns a key
	 * that is not a valid header value
	 */
	public static String resolve(Supplier<? extends @Nullable String> supplier) {
		String key = get(supplier);
		if (key == null || key.isBlank()) {
			throw GrokApiException
				.builder(ErrorKind.MISSING_API_KEY,
						"There is no API key, so nothing was sent to xAI. "
								+ "Set 'grok.api-key' or XAI_API_KEY. Create keys at https://console.x.ai.")
				.sent(false)
				.build();
		}
		String stripped = key.strip();
		if (!isValid(stripped)) {
			// The HTTP client would reject it with a message that contains the key
			throw GrokApiException
				.builder(ErrorKind.INVALID_API_KEY,
						"The API key contains spaces, line breaks or invalid characters, so nothing was sent to xAI. "
								+ "Check 'grok.api-key' or XAI_API_KEY.")
				.sent(false)
				.build();
		}
		return stripped;
	}

	private static boolean isValid(String key) {
		for (int i = 0; i < key.length(); i++) {
			if (key.charAt(i) <= ' ' || key.charAt(i) >= 0x7f) {
				return false;
			}
		}
		return true;
	}

	private static @Nullable String get(Supplier<? extends @Nullable String> supplier) {
		try {
			return supplier.get();
		}
		catch (Exception ex) {
			throw GrokApiException
				.builder(ErrorKind.MISSING_API_KEY,
						"The supplier of the API key failed, so nothing was sent to xAI ("
								+ ex.getClass().getSimpleName() + ").")
				.cause(ex)
				.sent(false)
				.build();
		}
	}

}
