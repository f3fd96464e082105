package io.github.grokspring.connection;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToIntFunction;

import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/**
 * Has xAI count the tokens of texts, with {@code POST /v1/tokenize-text}. What it says is
 * exact for the text and knows nothing of the prompt around it. Safe for use by several
 * threads.
 *
 * @since 0.1.0
 */
public final class TokenizeTextClient implements ToIntFunction<String> {

	private static final String TOKENS = "token_ids";

	private final XaiHttpClient httpClient;

	private final String model;

	private final Duration timeout;

	/**
	 * Count over a connection.
	 * @param httpClient the connection
	 * @param model by whose vocabulary texts are counted
	 * @param timeout how long a count may take
	 */
	public TokenizeTextClient(XaiHttpClient httpClient, String model, Duration timeout) {
		this.httpClient = Objects.requireNonNull(httpClient, "'exchange' must not be null");
		this.model = Objects.requireNonNull(model, "'model' must not be null");
		this.timeout = Objects.requireNonNull(timeout, "'timeout' must not be null");
	}

	/**
	 * Count a text, and wait for it.
	 * @throws GrokApiException if it could not be counted
	 */
	@Override
	public int applyAsInt(String text) {
		Integer counted = BlockingSubscriber.await(count(text));
		return Objects.requireNonNull(counted, "An answer must have a body");
	}

	private Mono<Integer> count(String text) {
		ApiRequest request = new ApiRequest("POST", "/tokenize-text", Map.of(), (out) -> {
			try (JsonGenerator json = JsonMapper.shared().createGenerator(out)) {
				json.writeStartObject();
				json.writeStringProperty("model", this.model);
				json.writeStringProperty("text", text);
				json.writeEndObject();
			}
		}, this.timeout, this.timeout, this.model, EchoFilter.of(text, this.model), null);
		return this.httpClient.exchange(request).map((answer) -> tokens(answer.body()));
	}

	/**
	 * The number of tokens in an answer, of which each may come with its text and bytes.
	 */
	private static int tokens(byte[] body) {
		try (JsonParser json = JsonMapper.shared().createParser(body)) {
			if (json.nextToken() == JsonToken.START_OBJECT) {
				while (json.nextToken() == JsonToken.PROPERTY_NAME) {
					boolean tokens = TOKENS.equals(json.currentName());
					if (json.nextToken() == JsonToken.START_ARRAY && tokens) {
						return elements(json);
					}
					json.skipChildren();
				}
			}
		}
		catch (JacksonException ex) {
			throw unreadable();
		}
		throw unreadable();
	}

	private static int elements(JsonParser json) {
		int elements = 0;
		for (JsonToken token = json.nextToken(); token != JsonToken.END_ARRAY; token = json.nextToken()) {
			if (token == null) {
				throw unreadable();
			}
			elements++;
			json.skipChildren();
		}
		return elements;
	}

	// Without its cause, which would quote the answer, and with it the text
	private static GrokApiException unreadable() {
		return GrokApiException
			.builder(ErrorKind.UNKNOWN, "What xAI answered to /v1/tokenize-text has no list '" + TOKENS + "'.")
			.build();
	}

}
