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
 * Client for {@code POST /v1/tokenize-text}, with which xAI counts the tokens of a text.
 * The count is exact for the text, but does not include the tokens that a prompt adds.
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class TokenizeTextClient implements ToIntFunction<String> {

	private static final String TOKENS = "token_ids";

	private final XaiHttpClient httpClient;

	private final String model;

	private final Duration timeout;

	/**
	 * Creates a client.
	 * @param httpClient the HTTP client
	 * @param model the model whose vocabulary is used
	 * @param timeout the maximum time of a request
	 */
	public TokenizeTextClient(XaiHttpClient httpClient, String model, Duration timeout) {
		this.httpClient = Objects.requireNonNull(httpClient, "'httpClient' must not be null");
		this.model = Objects.requireNonNull(model, "'model' must not be null");
		this.timeout = Objects.requireNonNull(timeout, "'timeout' must not be null");
	}

	/**
	 * Counts the tokens of a text. Blocks until xAI responds.
	 * @throws GrokApiException if the request fails
	 */
	@Override
	public int applyAsInt(String text) {
		Integer counted = BlockingSubscriber.await(count(text));
		return Objects.requireNonNull(counted, "The response must have a body");
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
		return this.httpClient.exchange(request).map((response) -> tokens(response.body()));
	}

	// Token objects may also contain their text and bytes
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

	// Without the cause, which would quote the text
	private static GrokApiException unreadable() {
		return GrokApiException
			.builder(ErrorKind.UNKNOWN, "The response of xAI to /v1/tokenize-text has no list '" + TOKENS + "'.")
			.build();
	}

}
