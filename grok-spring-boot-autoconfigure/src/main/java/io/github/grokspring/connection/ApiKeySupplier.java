package io.github.grokspring.connection;

import java.util.function.Supplier;

import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import org.jspecify.annotations.Nullable;

/**
 * Asks for the API key of one request and makes sure that it can be sent. Never shows it.
 *
 * @since 0.1.0
 */
public final class ApiKeySupplier {

	private ApiKeySupplier() {
	}

	/**
	 * Ask for the key.
	 * @param supplier gives the key
	 * @return the key, without blanks around it
	 * @throws GrokApiException if the supplier fails or has none, or if no header can
	 * carry what it gives
	 */
	public static String resolve(Supplier<? extends @Nullable String> supplier) {
		String key = ask(supplier);
		if (key == null || key.isBlank()) {
			throw GrokApiException
				.builder(ErrorKind.MISSING_API_KEY,
						"There is no API key, so nothing was sent to xAI. "
								+ "Set 'grok.api-key' or XAI_API_KEY; keys are made at https://console.x.ai.")
				.sent(false)
				.build();
		}
		String stripped = key.strip();
		if (!canBeSent(stripped)) {
			// The HTTP client would refuse it too, with a message that shows it.
			throw GrokApiException.builder(ErrorKind.INVALID_API_KEY,
					"The API key has blanks, line breaks or characters that no key has, so nothing was sent to xAI. "
							+ "Check 'grok.api-key' or XAI_API_KEY.")
				.sent(false)
				.build();
		}
		return stripped;
	}

	private static boolean canBeSent(String key) {
		for (int i = 0; i < key.length(); i++) {
			if (key.charAt(i) <= ' ' || key.charAt(i) >= 0x7f) {
				return false;
			}
		}
		return true;
	}

	private static @Nullable String ask(Supplier<? extends @Nullable String> supplier) {
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
