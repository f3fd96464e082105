package io.github.grokspring.connection;

import java.time.Duration;
import java.util.List;

import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.test.XaiServer;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link TokenizeTextClient}.
 */
class TokenizeTextClientTests {

	private static final String PATH = "/v1/tokenize-text";

	private final XaiServer xai = XaiServer.start();

	private final ReactorXaiHttpClient httpClient = ReactorXaiHttpClient.create(
			HttpSettings.defaults().withBaseUrl(this.xai.baseUrl()), this.xai::apiKey, ObservationRegistry.NOOP,
			List.of());

	private final TokenizeTextClient tokens = new TokenizeTextClient(this.httpClient, "grok-4.3",
			Duration.ofSeconds(15));

	@AfterEach
	void close() {
		this.httpClient.close();
		this.xai.close();
	}

	@Test
	void returnsNumberOfTokens() {
		assertThat(this.tokens.applyAsInt("Hello big world")).isEqualTo(3);
		assertThat(this.xai.lastRequest().parameter("model").stringValue()).isEqualTo("grok-4.3");
		assertThat(this.xai.lastRequest().parameter("text").stringValue()).isEqualTo("Hello big world");
	}

	@Test
	void sendsTextUnchanged() {
		String text = "\"quoted\" \\ \u0000 \u2028 😀\n";
		this.tokens.applyAsInt(text);
		assertThat(this.xai.lastRequest().parameter("text").stringValue()).isEqualTo(text);
	}

	@Test
	void errorResponseIsTranslated() {
		this.xai.failsWith(429).on(PATH);
		assertThatExceptionOfType(GrokApiException.class).isThrownBy(() -> this.tokens.applyAsInt("Hello"))
			.satisfies((failure) -> assertThat(failure.kind()).isEqualTo(ErrorKind.RATE_LIMITED));
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"tokens\":[1]}", "[]", "{\"token_ids\":3}", "{\"token_ids\":[{\"token_id\":1}", "{" })
	void responseWithoutTokensFailsWithoutQuotingIt(String body) {
		this.xai.answersRaw(200, "application/json", body).on(PATH);
		assertThatExceptionOfType(GrokApiException.class).isThrownBy(() -> this.tokens.applyAsInt("my secret"))
			.withMessageNotContaining("secret");
	}

}
