package io.github.grokspring.autoconfigure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class BaseUrlTests {

	@ParameterizedTest
	@ValueSource(strings = { "https://api.x.ai/v1", "https://us.api.x.ai/v1", "http://localhost:8080/v1",
			"https://gateway.example.com/teams/blue/xai/v1", "http://127.0.0.1:1/openai/v1", "http://[::1]:9/v1",
			"HTTPS://API.X.AI/v1" })
	void acceptsAnyHostAndPathThatEndsInVersionOne(String url) {
		assertThat(BaseUrl.of(url).value()).isEqualTo(url);
	}

	@ParameterizedTest
	@ValueSource(strings = { "https://api.x.ai/v1/", "https://api.x.ai/v1//", "  https://api.x.ai/v1\n" })
	void toleratesSlashesAndBlanksAtTheEnd(String url) {
		assertThat(BaseUrl.of(url).value()).isEqualTo("https://api.x.ai/v1");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "  " })
	void whenBlankTheDefaultApplies(String url) {
		assertThat(BaseUrl.of(url).value()).isEqualTo(BaseUrl.DEFAULT);
		assertThat(BaseUrl.of(null).value()).isEqualTo(BaseUrl.DEFAULT);
	}

	@ParameterizedTest
	@CsvSource({ "api.x.ai/v1, https://api.x.ai/v1", "localhost:8080/v1, https://localhost:8080/v1",
			"ftp://api.x.ai/v1, https://api.x.ai/v1", "https://api.x.ai, https://api.x.ai/v1",
			"https://api.x.ai/, https://api.x.ai/v1",
			"https://gateway.example.com/xai, https://gateway.example.com/xai/v1",
			"https://api.x.ai/v1/v1, https://api.x.ai/v1", "https://api.x.ai/v1/v1/v1/, https://api.x.ai/v1",
			"https://api.x.ai/v1/v1/chat/completions, https://api.x.ai/v1",
			"https://api.x.ai/v1/chat/completions, https://api.x.ai/v1",
			"https://api.x.ai/v1/models, https://api.x.ai/v1", "https://api.x.ai/v1/responses/, https://api.x.ai/v1" })
	void refusesOthersAndSaysWhatToWrite(String url, String instead) {
		assertThatExceptionOfType(GrokConfigurationException.class).isThrownBy(() -> BaseUrl.of(url))
			.satisfies((ex) -> {
				assertThat(ex.property()).isEqualTo("grok.base-url");
				assertThat(ex.action()).startsWith("Set 'grok.base-url' to '" + instead + "'.");
				assertThat(BaseUrl.of(instead).value()).isEqualTo(instead);
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "https:///v1", "https://ex ample.com/v1", "https://user:secret@api.x.ai/v1",
			"user:secret@api.x.ai/v1", "ftp://user:secret@api.x.ai/v1", "https://api.x.ai/v1?api_key=secret",
			"api.x.ai/v1?api_key=secret", "https://api.x.ai?api_key=secret", "https://api.x.ai/v1#secret",
			"https://api.x.ai/v2" })
	void refusesWhatCannotBeReached(String url) {
		assertThatExceptionOfType(GrokConfigurationException.class).isThrownBy(() -> BaseUrl.of(url))
			.withMessageContaining("grok.base-url")
			.satisfies((ex) -> assertThat(ex.problem() + ex.action()).doesNotContain("secret"));
	}

	@Test
	void knowsWhenItLeadsToXai() {
		assertThat(BaseUrl.of("https://api.x.ai/v1").isXai()).isTrue();
		assertThat(BaseUrl.of("https://US.api.x.ai/v1").isXai()).isTrue();
		assertThat(BaseUrl.of("https://api.x.ai.example.com/v1").isXai()).isFalse();
		assertThat(BaseUrl.of("https://myapi.x.ai/v1").isXai()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "http://localhost:8080/v1", "http://LOCALHOST/v1", "http://127.0.0.1/v1",
			"http://127.1.2.3:81/v1", "http://[::1]:8080/v1", "http://[0:0:0:0:0:0:0:1]/v1",
			"http://gateway.localhost/v1", "https://gateway.example.com/v1" })
	void loopbackNeedsNoEncryption(String url) {
		assertThat(BaseUrl.of(url).encrypted(false).value()).isEqualTo(url);
	}

	@ParameterizedTest
	@ValueSource(strings = { "http://gateway/v1", "http://10.0.0.1/v1", "http://128.0.0.1/v1", "http://[::2]/v1",
			"http://localhost.example.com/v1", "http://127.0.0.1.example.com/v1", "http://0.0.0.0/v1" })
	void otherHostsNeedEncryptionUnlessAllowed(String url) {
		assertThatExceptionOfType(GrokConfigurationException.class).isThrownBy(() -> BaseUrl.of(url).encrypted(false));
		assertThat(BaseUrl.of(url).encrypted(true).value()).isEqualTo(url);
	}

}
