package io.github.grokspring.test;

import java.time.Duration;

/**
 * Standalone {@link XaiServer} with conversational responses, for offline use. Arguments:
 * {@code --port=8080} (default: any free port), {@code --host=127.0.0.1} and
 * {@code --pace=30} (milliseconds before each word).
 *
 * @since 0.1.0
 */
public final class XaiServerApplication {

	private XaiServerApplication() {
	}

	/**
	 * Starts the server, prints its address, and runs until the process ends.
	 * @param arguments the arguments, see the description of the class
	 */
	public static void main(String... arguments) {
		try (XaiServer server = start(arguments)) {
			System.out
				.println("Mock of the xAI API listening on " + server.baseUrl() + ", API key: " + server.apiKey());
			server.awaitEnd();
		}
	}

	static XaiServer start(String... arguments) {
		XaiServerBuilder builder = XaiServer.builder().conversational();
		for (int i = 0; i < arguments.length; i++) {
			String[] parts = arguments[i].split("=", 2);
			boolean separate = parts.length == 1;
			if (separate && i + 1 == arguments.length) {
				throw new IllegalArgumentException(
						"Argument '" + parts[0] + "' has no value. Use, for example, " + parts[0] + "=8080");
			}
			apply(builder, parts[0], separate ? arguments[++i] : parts[1]);
		}
		return builder.start();
	}

	private static void apply(XaiServerBuilder builder, String name, String value) {
		switch (name) {
			case "--port" -> builder.port(number(name, value));
			case "--host" -> builder.host(value);
			case "--pace" -> builder.pace(Duration.ofMillis(number(name, value)));
			default ->
				throw new IllegalArgumentException("Unknown argument '" + name + "'. Use --port, --host or --pace.");
		}
	}

	private static int number(String name, String value) {
		try {
			return Integer.parseUnsignedInt(value);
		}
		catch (NumberFormatException ex) {
			throw new IllegalArgumentException(
					"Argument '" + name + "' must be a non-negative integer, but is '" + value + "'", ex);
		}
	}

}
