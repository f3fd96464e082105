package io.github.grokspring.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.error.InvalidOutputException;
import io.github.grokspring.test.XaiServerExtension;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.tool.annotation.Tool;
import org.springframework.ai.tool.annotation.ToolParam;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.ParameterizedTypeReference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * {@code grok.chat.structured-output}, from the client to the wire.
 */
class StructuredOutputOnTheWireTests {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final String OSLO = "{\"name\":\"Oslo\",\"people\":700000}";

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private final ApplicationContextRunner runner = ContextRunners.starter()
		.withPropertyValues("grok.base-url=" + xai.baseUrl(), "grok.api-key=" + xai.apiKey());

	private final ApplicationContextRunner validating = this.runner
		.withPropertyValues("grok.chat.structured-output.validate=true");

	@BeforeEach
	void forget() {
		xai.reset();
	}

	@Test
	void outputIsTakenAsItComesUnlessItIsToBeValidated() {
		this.runner.run((context) -> {
			xai.answers("{}");
			assertThat(context.getBean(ChatClient.class).prompt("A city").call().entity(City.class))
				.isEqualTo(new City(null, null));
			assertThat(xai.requestCount()).isOne();
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "null", "[]", "\"Oslo\"", "7", "", " ", "{\"name\":\"Oslo\"",
			"{\"name\":\"Oslo\",\"people\":NaN}", "{\"name\":null,\"people\":1}",
			"{\"name\":\"Oslo\",\"people\":\"many\"}", "```json\n{}\n```" })
	void whateverDoesNotMatchIsAskedForAgain(String output) {
		this.validating.run((context) -> {
			xai.answers(output);
			xai.answers(OSLO);
			assertThat(context.getBean(ChatClient.class)
				.prompt("A city")
				.call()
				.entity(City.class, (spec) -> spec.useProviderStructuredOutput())).isEqualTo(new City("Oslo", 700000));
			assertThat(xai.requestCount()).isEqualTo(2);
		});
	}

	@ParameterizedTest
	@CsvSource({ "native, chat-completions, false", "native, chat-completions, true", "native, responses, true",
			"spring-ai, auto, true", "spring-ai, auto, false" })
	void outputThatDoesNotMatchIsAskedForAgain(String transport, String api, boolean provider) {
		this.validating.withPropertyValues("grok.chat.transport=" + transport, "grok.chat.api=" + api)
			.run((context) -> {
				xai.answers("{}");
				xai.answers(OSLO);
				ChatClient.CallResponseSpec call = context.getBean(ChatClient.class).prompt("A city").call();
				City city = provider ? call.entity(City.class, (spec) -> spec.useProviderStructuredOutput())
						: call.entity(City.class);
				assertThat(city).isEqualTo(new City("Oslo", 700000));
				assertThat(xai.requestCount()).isEqualTo(2);
				assertThat(xai.lastRequest().body()).contains("A city").contains("did not match the JSON schema");
			});
	}

	@Test
	void outputThatMatchesIsNotAskedForAgain() {
		this.validating.run((context) -> {
			xai.answers("```json\n" + OSLO + "\n```");
			ChatClient client = context.getBean(ChatClient.class);
			assertThat(client.prompt("A city").call().entity(City.class)).isEqualTo(new City("Oslo", 700000));
			xai.answers("[" + OSLO + "]");
			assertThat(client.prompt("Cities").call().entity(new ParameterizedTypeReference<List<City>>() {
			})).hasSize(1);
			xai.answers("Just words");
			assertThat(client.prompt("hi").call().content()).isEqualTo("Just words");
			xai.answers("Some more");
			assertThat(String.join("", client.prompt("hi").stream().content().collectList().block(PATIENCE)))
				.isEqualTo("Some more");
			assertThat(xai.requestCount()).isEqualTo(4);
		});
	}

	@Test
	void outputThatNeverMatchesIsAFailureThatShowsNothingOfIt() {
		this.validating
			.withPropertyValues("grok.chat.structured-output.max-attempts=3",
					"grok.clients.once.structured-output.max-attempts=1",
					"grok.clients.off.structured-output.validate=false")
			.run((context) -> {
				for (int i = 0; i < 3; i++) {
					xai.answers("{\"secret\":\"s3cret\"}");
				}
				assertThatExceptionOfType(InvalidOutputException.class)
					.isThrownBy(() -> context.getBean(ChatClient.class).prompt("A city").call().entity(City.class))
					.satisfies((ex) -> assertThat(ex.attempts()).isEqualTo(3))
					.withMessageContaining("grok.chat.structured-output.max-attempts")
					.withMessageNotContaining("secret");
				assertThat(xai.requestCount()).isEqualTo(3);
				xai.answers("nothing like JSON");
				ChatClient once = context.getBean("onceChatClient", ChatClient.class);
				assertThatExceptionOfType(InvalidOutputException.class)
					.isThrownBy(() -> once.prompt("A city").call().entity(City.class))
					.withMessageNotContaining("nothing");
				xai.answers("{}");
				assertThat(
						context.getBean("offChatClient", ChatClient.class).prompt("A city").call().entity(City.class))
					.isEqualTo(new City(null, null));
				assertThat(xai.requestCount()).isEqualTo(5);
			});
	}

	@Test
	void aSchemaInTheOptionsCountsTooAndToolsRunOnce() {
		this.validating.run((context) -> {
			Weather weather = new Weather();
			xai.answersWithToolCall("weather", "{\"city\":\"Oslo\",\"days\":1}");
			xai.answers("{\"sky\":1}");
			xai.answers("{\"sky\":\"blue\"}");
			String schema = "{\"type\":\"object\",\"properties\":{\"sky\":{\"type\":\"string\"}},\"required\":[\"sky\"]}";
			assertThat(context.getBean(ChatClient.class)
				.prompt("Sky?")
				.options(GrokChatOptions.builder().outputSchema(schema))
				.tools(weather)
				.call()
				.content()).isEqualTo("{\"sky\":\"blue\"}");
			assertThat(weather.cities).containsExactly("Oslo");
			assertThat(xai.requestCount()).isEqualTo(3);
		});
	}

	@ParameterizedTest
	@CsvSource({ "native, chat-completions, false", "native, chat-completions, true", "native, responses, false",
			"native, responses, true", "spring-ai, auto, false", "spring-ai, auto, true" })
	void theModelIsToldWhichArgumentsDoNotMatch(String transport, String api, boolean stream) {
		this.validating.withPropertyValues("grok.chat.transport=" + transport, "grok.chat.api=" + api)
			.run((context) -> {
				Weather weather = new Weather();
				xai.answersWithToolCall("weather", "{\"days\":\"many\"}");
				xai.answersWithToolCall("weather", "{\"city\":\"Oslo\",\"days\":2}");
				xai.answers("Rain.");
				ChatClient.ChatClientRequestSpec request = context.getBean(ChatClient.class)
					.prompt("Weather?")
					.tools(weather);
				assertThat(stream ? String.join("", request.stream().content().collectList().block(PATIENCE))
						: request.call().content())
					.isEqualTo("Rain.");
				assertThat(weather.cities).containsExactly("Oslo");
				assertThat(xai.lastRequest().body()).contains("The tool was not run");
			});
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void argumentsThatNeverMatchAreAFailureThatNamesTheTool(boolean stream) {
		this.validating.run((context) -> {
			Weather weather = new Weather();
			xai.answersWithToolCall("weather", "{\"days\":\"s3cret\"}");
			xai.answersWithToolCall("weather", "{\"days\":\"s3cret\"}");
			ChatClient.ChatClientRequestSpec request = context.getBean(ChatClient.class)
				.prompt("Weather?")
				.tools(weather);
			assertThatExceptionOfType(InvalidOutputException.class).isThrownBy(() -> {
				if (stream) {
					request.stream().content().blockLast(PATIENCE);
				}
				else {
					request.call().content();
				}
			}).withMessageContaining("'weather'").withMessageNotContaining("s3cret");
			assertThat(weather.cities).isEmpty();
		});
	}

	@Test
	void fewerThanOneAttemptEndsTheStart() {
		this.runner.withPropertyValues("grok.chat.structured-output.max-attempts=0")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("max-attempts")
				.hasMessageContaining("must be at least 1"));
	}

	record City(String name, Integer people) {

	}

	static class Weather {

		private final List<String> cities = new ArrayList<>();

		@Tool(description = "Tells the weather")
		String weather(@ToolParam(description = "the city") String city, @ToolParam(description = "days") int days) {
			this.cities.add(city);
			return "rain";
		}

	}

}
