package io.github.grokspring.autoconfigure;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@ExtendWith(OutputCaptureExtension.class)
class ApiKeyTests {

	private static final String KEY = "xai-0123456789abcdef";

	private final MockEnvironment environment = new MockEnvironment();

	private final BaseUrl xai = BaseUrl.of("https://api.x.ai/v1");

	private final BaseUrl gateway = BaseUrl.of("https://gateway.example.com/v1");

	@Test
	void thePropertyGoesBeforeTheVariable(CapturedOutput output) {
		this.environment.setProperty("XAI_API_KEY", "xai-variable");
		assertThat(find(KEY)).isEqualTo(KEY);
		assertThat(find(null)).isEqualTo("xai-variable");
		assertThat(find(" ")).isEqualTo("xai-variable");
		assertThat(find("${XAI_KEY}")).isEqualTo("xai-variable");
		assertThat(output).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "OPENAI_API_KEY", "GROK_KEY", "XAI_KEY", "SPRING_AI_OPENAI_API_KEY" })
	void noOtherVariableIsUsed(String variable) {
		this.environment.setProperty(variable, KEY);
		assertThatExceptionOfType(GrokConfigurationException.class).isThrownBy(() -> find(null))
			.withMessageContaining("'grok.api-key' is not set");
	}

	@ParameterizedTest
	@ValueSource(strings = { " " + KEY, KEY + "\n", "\r\n" + KEY + "\r\n", "\"" + KEY + "\"", "'" + KEY + "'",
			" \"" + KEY + " \" ", "\u201c" + KEY + "\u201d", KEY + "\u00a0" })
	void whatIsAroundAKeyIsLeftOutWithAWarning(String text, CapturedOutput output) {
		assertThat(find(text)).isEqualTo(KEY);
		assertThat(output).contains("WARN").contains("'grok.api-key'").doesNotContain(KEY);
	}

	@Test
	void theWarningNamesTheVariable(CapturedOutput output) {
		this.environment.setProperty("XAI_API_KEY", KEY + " ");
		assertThat(find(null)).isEqualTo(KEY);
		assertThat(output).contains("The API key in XAI_API_KEY is surrounded by whitespace").doesNotContain(KEY);
	}

	@Test
	void anUnusualKeyIsPassedToXaiWithAWarning(CapturedOutput output) {
		assertThat(ApiKey.find("my-key", this.environment).checkedFor(this.xai)).isEqualTo("my-key");
		assertThat(output).contains("does not begin with 'xai-'").doesNotContain("my-key");
	}

	@Test
	void anUnusualKeyIsPassedToAGatewayInSilence(CapturedOutput output) {
		assertThat(ApiKey.find("my-key", this.environment).checkedFor(this.gateway)).isEqualTo("my-key");
		assertThat(output).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "sk-proj-0123456789", "xai-token-0123456789", "xai-0123 456789", "xai-01234\u00e956789" })
	void keysOfOthersAreRefusedWithoutShowingThem(String text) {
		assertThatExceptionOfType(GrokConfigurationException.class)
			.isThrownBy(() -> ApiKey.find(text, this.environment).checkedFor(this.gateway))
			.satisfies((ex) -> assertThat(ex.getMessage()).contains("'grok.api-key'").doesNotContain("0123"));
	}

	@Test
	void nothingThatHoldsTheKeyPrintsIt() {
		GrokProperties properties = new GrokProperties(true, KEY, BaseUrl.DEFAULT, Map.of(), true,
				GrokProperties.UnknownProperties.FAIL, GrokProperties.WhenDisabled.ABSENT);
		assertThat(properties.toString()).doesNotContain(KEY);
		assertThat(new PropertiesGrokConnectionDetails(properties,
				new Binder().bindOrCreate("grok.http", GrokHttpProperties.class), this.environment)
			.toString()).doesNotContain(KEY);
		assertThat(ApiKey.find(KEY, this.environment).toString()).doesNotContain(KEY);
	}

	private String find(String property) {
		return ApiKey.find(property, this.environment).checkedFor(this.xai);
	}

}
