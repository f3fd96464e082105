package io.github.grokspring.benchmark;

/**
 * What is compared: a way to ask the server. Safe for use by several threads.
 */
interface Transport extends AutoCloseable {

	String QUESTION = "How many legs does a spider have?";

	String MODEL = "grok-4.3";

	static Transport named(String name, String baseUrl) {
		return switch (name) {
			case "native" -> ChatClientTransport.overNative(baseUrl);
			case "responses" -> ChatClientTransport.overResponses(baseUrl);
			case "spring-ai" -> ChatClientTransport.overSpringAi(baseUrl);
			case "openai" -> ChatClientTransport.overOpenAi(baseUrl);
			case "jdk" -> new JdkTransport(baseUrl);
			default -> throw new IllegalArgumentException("No transport '" + name + "'");
		};
	}

	/**
	 * Ask for a whole answer and wait for it.
	 * @return its text, or more
	 */
	String call();

	/**
	 * Ask for a stream; does not wait.
	 * @param listener hears of it
	 */
	void stream(Wave.Listener listener);

	@Override
	void close();

}
