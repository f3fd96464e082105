package io.github.grokspring.test;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

class ConversationalResponderTests {

	private static final String TOOLS = """
			,"tools":[{"type":"function","function":{"name":"currentWeather","description":"The weather of a city",
			"parameters":{"type":"object","properties":{"city":{"type":"string"},"days":{"type":"integer"},
			"unit":{"type":"string","enum":["celsius","fahrenheit"]}},"required":["city"]}}},
			{"type":"function","function":{"name":"get_time","description":"Local time in a zone","parameters":{"type":"object","properties":{}}}}]
			""";

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension
		.start(XaiServer.builder().conversational().pace(Duration.ZERO));

	private final TestClient calls = new TestClient(xai);

	@Test
	void repeatsQuestion() {
		assertThat(say(user("Why is the sky blue?"), "")).contains("Why is the sky blue?");
	}

	@Test
	void remembersEarlierQuestions() {
		String talk = user("My name is Ada") + "," + assistant("Hello") + "," + user("I like chess") + ","
				+ assistant("Good");
		assertThat(say(talk + "," + user("And now?"), "")).contains("And now?", "I like chess", "2 earlier messages");
		assertThat(say(talk + "," + user("What is my name?"), "")).contains("Ada");
		assertThat(say(user("What is my name?"), "")).contains("not told");
	}

	@Test
	void callsRequestedToolAndReportsResult() {
		String question = user("What is the weather in New York for the next 3 days in fahrenheit?");
		JsonNode message = message(question, TOOLS);
		JsonNode call = message.at("/tool_calls/0");
		assertThat(call.at("/function/name").stringValue()).isEqualTo("currentWeather");
		JsonNode arguments = TestClient.json(call.at("/function/arguments").stringValue());
		assertThat(arguments.get("city").stringValue()).isEqualTo("New York");
		assertThat(arguments.get("days").intValue()).isEqualTo(3);
		assertThat(arguments.get("unit").stringValue()).isEqualTo("fahrenheit");
		String round = question + "," + toolRound("currentWeather", "Sunny and 25 degrees");
		message = message(round, TOOLS);
		assertThat(message.has("tool_calls")).isFalse();
		assertThat(message.get("content").stringValue()).contains("Sunny and 25 degrees", "currentWeather");
		assertThat(message(round + "," + assistant("Sunny") + "," + user("And the weather in Rome?"), TOOLS)
			.at("/tool_calls/0/function/arguments")
			.stringValue()).contains("Rome");
	}

	@Test
	void callsOnlyRequestedAndAllowedTools() {
		assertThat(message(user("Tell me a joke"), TOOLS).has("tool_calls")).isFalse();
		assertThat(message(user("What is the weather in Oslo?"), TOOLS + ",\"tool_choice\":\"none\"").has("tool_calls"))
			.isFalse();
	}

	@Test
	void callsEachToolOncePerQuestion() {
		String question = user("Weather and time in Oslo?");
		assertThat(message(question, TOOLS).at("/tool_calls/0/function/name").stringValue())
			.isEqualTo("currentWeather");
		String round = question + "," + toolRound("currentWeather", "Rain");
		assertThat(message(round, TOOLS).at("/tool_calls/0/function/name").stringValue()).isEqualTo("get_time");
		round += "," + toolRound("get_time", "Noon");
		assertThat(message(round, TOOLS).get("content").stringValue()).contains("Rain", "Noon");
		String forced = ",\"tool_choice\":\"required\"";
		assertThat(message(round, TOOLS + forced).has("tool_calls")).isFalse();
	}

	@Test
	void fillsStructuredOutputFromQuestion() {
		String format = ",\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"t\",\"schema\":{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"},\"days\":{\"type\":\"integer\"}}}}}";
		JsonNode json = TestClient.json(say(user("Plan 4 days in Lisbon"), format));
		assertThat(json.get("city").stringValue()).isEqualTo("Lisbon");
		assertThat(json.get("days").intValue()).isEqualTo(4);
		json = TestClient.json(say(user("Say \"hi\""), ",\"response_format\":{\"type\":\"json_object\"}"));
		assertThat(json.get("question").stringValue()).isEqualTo("Say \"hi\"");
	}

	private String say(String messages, String further) {
		return message(messages, further).get("content").stringValue();
	}

	private JsonNode message(String messages, String further) {
		return TestClient
			.json(this.calls.chat("{\"model\":\"grok-4.3\",\"messages\":[" + messages + "]" + further + "}"))
			.at("/choices/0/message");
	}

	private static String user(String text) {
		return "{\"role\":\"user\",\"content\":\"" + text.replace("\"", "\\\"") + "\"}";
	}

	private static String assistant(String text) {
		return "{\"role\":\"assistant\",\"content\":\"" + text + "\"}";
	}

	private static String toolRound(String name, String result) {
		return """
				{"role":"assistant","content":"","tool_calls":[{"id":"c-%s","type":"function","function":{"name":"%s","arguments":"{}"}}]},
				{"role":"tool","tool_call_id":"c-%s","content":"%s"}
				"""
			.formatted(name, name, name, result);
	}

}
