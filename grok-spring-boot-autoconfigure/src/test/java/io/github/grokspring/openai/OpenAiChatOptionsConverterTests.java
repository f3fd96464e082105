package io.github.grokspring.openai;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Stream;

import com.openai.models.chat.completions.ChatCompletionNamedToolChoice;
import com.openai.models.chat.completions.ChatCompletionToolChoiceOption;
import io.github.grokspring.chain.ChatOptionsConverter;
import io.github.grokspring.chain.GrokChatOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.model.tool.ToolCallingChatOptions;
import org.springframework.ai.openai.OpenAiChatModel.ResponseFormat;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.function.FunctionToolCallback;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link OpenAiChatOptionsConverter}.
 */
@ExtendWith(OutputCaptureExtension.class)
class OpenAiChatOptionsConverterTests {

	private final OpenAiChatOptionsConverter translator = new OpenAiChatOptionsConverter();

	@Test
	void isFoundByTheServiceLoader() {
		assertThat(ServiceLoader.load(ChatOptionsConverter.class))
			.hasOnlyElementsOfType(OpenAiChatOptionsConverter.class);
	}

	@Test
	void defaultsOfBuiltOptionsAreNotSet() {
		assertThat(translate(OpenAiChatOptions.builder())).isEqualTo(GrokChatOptions.builder().build());
		assertThat(translate(OpenAiChatOptions.builder().build().mutate()))
			.isEqualTo(GrokChatOptions.builder().build());
	}

	@Test
	void connectionSettingsOfOpenAiAreIgnored() {
		assertThat(translate(OpenAiChatOptions.builder()
			.baseUrl("https://api.openai.com/v1")
			.apiKey("sk-1")
			.organizationId("org")
			.deploymentName("deployment")
			.maxRetries(9))).isEqualTo(GrokChatOptions.builder().build());
	}

	@Test
	void supportedOptionsAreConverted() {
		ToolCallback tool = tool();
		OpenAiChatOptions.Builder openAi = OpenAiChatOptions.builder()
			.model("grok-4.5")
			.temperature(0.1)
			.topP(0.2)
			.maxCompletionTokens(3)
			.presencePenalty(0.4)
			.frequencyPenalty(0.5)
			.stop(List.of("END"))
			.seed(6)
			.n(7)
			.user("u1")
			.store(true)
			.serviceTier("priority")
			.reasoningEffort("high")
			.parallelToolCalls(false)
			.toolChoice("required")
			.logprobs(true)
			.topLogprobs(2)
			.logitBias(Map.of("10", 1))
			.metadata(Map.of("trace", "t"))
			.verbosity("low")
			.promptCacheKey("k1")
			.extraBody(Map.of("deferred", true))
			.customHeaders(Map.of("X-Tenant", "t1"))
			.timeout(Duration.ofSeconds(5))
			.toolCallbacks(tool)
			.toolContext("a", 1);
		OpenAiChatOptions before = openAi.clone().build();
		GrokChatOptions expected = GrokChatOptions.builder()
			.model("grok-4.5")
			.temperature(0.1)
			.topP(0.2)
			.maxTokens(3)
			.presencePenalty(0.4)
			.frequencyPenalty(0.5)
			.stopSequences(List.of("END"))
			.toolCallbacks(tool)
			.toolContext("a", 1)
			.seed(6)
			.n(7)
			.user("u1")
			.store(true)
			.serviceTier("priority")
			.reasoningEffort("high")
			.parallelToolCalls(false)
			.toolChoice("required")
			.logprobs(true)
			.topLogprobs(2)
			.logitBias(Map.of("10", 1))
			.extraBody(Map.of("deferred", true, "metadata", Map.of("trace", "t"), "verbosity", "low",
					"prompt_cache_key", "k1"))
			.headers(Map.of("X-Tenant", "t1"))
			.timeout(Duration.ofSeconds(5))
			.build();
		assertThat(translate(openAi)).isEqualTo(expected);
		assertThat(translate(openAi.build().mutate())).isEqualTo(expected);
		assertThat(openAi.build()).isEqualTo(before);
	}

	@Test
	void maxCompletionTokensTakesPrecedenceOverMaxTokens() {
		assertThat(translate(OpenAiChatOptions.builder().maxTokens(7)).getMaxTokens()).isEqualTo(7);
		OpenAiChatOptions.Builder both = OpenAiChatOptions.builder().maxCompletionTokens(100);
		both.combineWith(ChatOptions.builder().maxTokens(7));
		assertThat(translate(both).getMaxTokens()).isEqualTo(100);
	}

	@Test
	void responseFormatsAreConverted() {
		assertThat(translate(format(ResponseFormat.Type.TEXT)).getResponseFormat()).isEqualTo("text");
		assertThat(translate(format(ResponseFormat.Type.JSON_OBJECT)).getResponseFormat()).isEqualTo("json_object");
		GrokChatOptions schema = translate(OpenAiChatOptions.builder().outputSchema("{\"type\":\"object\"}"));
		assertThat(schema.getOutputSchema()).isEqualTo("{\"type\":\"object\"}");
		assertThat(schema.getResponseFormat()).isNull();
	}

	@ParameterizedTest
	@MethodSource
	void toolChoiceIsAModeOrTheNameOfATool(Object choice, String expected) {
		assertThat(translate(OpenAiChatOptions.builder().toolChoice(choice)).getToolChoice()).isEqualTo(expected);
	}

	static Stream<Object[]> toolChoiceIsAModeOrTheNameOfATool() {
		ChatCompletionNamedToolChoice named = ChatCompletionNamedToolChoice.builder()
			.function(ChatCompletionNamedToolChoice.Function.builder().name("time").build())
			.build();
		return Stream.of(new Object[] { "auto", "auto" }, new Object[] { "none", "none" },
				new Object[] { "required", "required" }, new Object[] { "time", "time" },
				new Object[] { "{\"type\":\"function\",\"function\":{\"name\":\"time\"}}", "time" },
				new Object[] { " {\"type\":\"required\"}", "required" },
				new Object[] { Map.of("type", "function", "function", Map.of("name", "time")), "time" },
				new Object[] { Map.of("type", "none"), "none" }, new Object[] { named, "time" },
				new Object[] { ChatCompletionToolChoiceOption.ofNamedToolChoice(named), "time" },
				new Object[] { ChatCompletionToolChoiceOption.Auto.REQUIRED, "required" }, new Object[] {
						ChatCompletionToolChoiceOption.ofAuto(ChatCompletionToolChoiceOption.Auto.NONE), "none" });
	}

	@ParameterizedTest
	@MethodSource
	void invalidToolChoiceIsRejected(Object choice) {
		assertThatIllegalArgumentException().isThrownBy(() -> translate(OpenAiChatOptions.builder().toolChoice(choice)))
			.withMessageContaining("'toolChoice' must be");
	}

	static Stream<Object> invalidToolChoiceIsRejected() {
		return Stream.of("{\"type\":", "{\"type\":\"function\"}", Map.of("function", "time"));
	}

	@Test
	void unsupportedOptionsAreOmittedAndLoggedAtDebugLevel(CapturedOutput output) {
		LoggingSystem logging = LoggingSystem.get(getClass().getClassLoader());
		logging.setLogLevel(OpenAiOptionsReader.class.getName(), LogLevel.DEBUG);
		try {
			GrokChatOptions options = translate(OpenAiChatOptions.builder()
				.outputModalities(List.of("audio"))
				.outputAudio(new OpenAiChatOptions.AudioParameters(null, null))
				.strict(true)
				.streamUsage(false));
			assertThat(options).isEqualTo(GrokChatOptions.builder().build());
		}
		finally {
			logging.setLogLevel(OpenAiOptionsReader.class.getName(), null);
		}
		assertThat(output).contains("outputModalities, outputAudio, strict, streamOptions");
	}

	@Test
	void otherOptionsAreNotConverted() {
		assertThat(this.translator.convert(ChatOptions.builder())).isNull();
		assertThat(this.translator.convert(ToolCallingChatOptions.builder())).isNull();
		assertThat(this.translator.convert(GrokChatOptions.builder())).isNull();
	}

	@Test
	void loadsWithoutOpenAiOnTheClasspath() throws Exception {
		try (URLClassLoader withoutOpenAi = new URLClassLoader(classPathWithoutOpenAi(),
				ClassLoader.getPlatformClassLoader())) {
			Class<?> service = withoutOpenAi.loadClass(ChatOptionsConverter.class.getName());
			Object loaded = ServiceLoader.load(service, withoutOpenAi).findFirst().orElseThrow();
			assertThat(loaded.getClass().getName()).isEqualTo(OpenAiChatOptionsConverter.class.getName());
			assertThat(loaded.getClass().getClassLoader()).isSameAs(withoutOpenAi);
			Class<?> options = withoutOpenAi.loadClass(ChatOptions.class.getName());
			Class<?> builder = withoutOpenAi.loadClass(ChatOptions.Builder.class.getName());
			Object portable = options.getMethod("builder").invoke(null);
			assertThat(service.getMethod("convert", builder).invoke(loaded, portable)).isNull();
		}
	}

	private static URL[] classPathWithoutOpenAi() {
		return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
			.filter((entry) -> !entry.contains("openai-java") && !entry.contains("spring-ai-openai"))
			.map(OpenAiChatOptionsConverterTests::url)
			.toArray(URL[]::new);
	}

	private static URL url(String entry) {
		try {
			return new File(entry).toURI().toURL();
		}
		catch (MalformedURLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static OpenAiChatOptions.Builder format(ResponseFormat.Type type) {
		return OpenAiChatOptions.builder().responseFormat(ResponseFormat.builder().type(type).build());
	}

	private GrokChatOptions translate(ChatOptions.Builder<?> builder) {
		GrokChatOptions.Builder translated = this.translator.convert(builder);
		assertThat(translated).isNotNull();
		return translated.build();
	}

	private static ToolCallback tool() {
		return FunctionToolCallback.builder("time", () -> "noon")
			.description("tells the time")
			.inputType(Void.class)
			.build();
	}

}
