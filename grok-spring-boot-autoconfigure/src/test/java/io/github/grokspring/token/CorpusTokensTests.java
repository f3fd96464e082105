package io.github.grokspring.token;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.github.grokspring.chain.GrokChatOptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.SystemMessage;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.function.FunctionToolCallback;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Measures the error of estimates for recorded requests against the token counts that xAI
 * reported, with and without calibration by the preceding responses. The system property
 * {@code xai.corpus} points to the folder, which is described by its {@code index.json}.
 * Prompts with images, server-side tools or omitted parts are skipped.
 */
class CorpusTokensTests {

	private static final JsonMapper JSON = JsonMapper.shared();

	@Test
	void calibrationBringsEstimatesCloseToReportedCounts() {
		List<Sample> samples = samples();
		Errors rough = errors("characters", PromptTokenEstimator.approximate(), samples);
		Errors local = errors("vocabulary", PromptTokenEstimator.counting(new LocalTokenizer()), samples);
		assertThat(samples).hasSizeGreaterThan(20);
		for (Errors errors : List.of(rough, local)) {
			assertThat(errors.median(errors.calibrated)).isLessThan(0.15);
			assertThat(errors.percentile(errors.calibrated, 90)).isLessThan(0.45);
			assertThat(errors.median(errors.calibrated)).isLessThan(errors.median(errors.plain) / 3);
		}
	}

	private static Errors errors(String name, PromptTokenEstimator estimator, List<Sample> samples) {
		CalibratedEstimator calibrated = new CalibratedEstimator(estimator, (model) -> model);
		Errors all = new Errors();
		Map<String, Errors> byModel = new TreeMap<>();
		Map<String, Integer> seen = new TreeMap<>();
		for (Sample sample : samples) {
			long plain = calibrated.estimateUncalibrated(sample.prompt());
			// The overhead of a model is unknown before its first response
			if (seen.merge(sample.subject(), 1, Integer::sum) > 1) {
				long estimate = calibrated.estimate(sample.prompt());
				all.add(plain, estimate, sample.counted());
				byModel.computeIfAbsent(sample.subject(), (key) -> new Errors()).add(plain, estimate, sample.counted());
			}
			calibrated.update(sample.prompt(), plain, sample.counted());
		}
		byModel.forEach((model, errors) -> System.out.println("Tokens by " + name + ", " + model + ": " + errors));
		System.out.println("Tokens by " + name + ", all models: " + all);
		return all;
	}

	private static List<Sample> samples() {
		String folder = System.getProperty("xai.corpus", "");
		Assumptions.assumeFalse(folder.isBlank(),
				"The system property 'xai.corpus' names no folder of recorded answers to count");
		List<Sample> samples = new ArrayList<>();
		for (JsonNode entry : JSON.readTree(text(Path.of(folder, "index.json")))) {
			String file = entry.path("file").asString();
			Path request = Path.of(folder, file.substring(0, file.lastIndexOf('.')) + ".request.json");
			long counted = (entry.path("status").asInt() == 200) ? counted(text(Path.of(folder, file))) : 0;
			String sentText = Files.exists(request) ? text(request) : "";
			if (counted > 0 && !sentText.isEmpty() && !sentText.matches("(?s).*(omitted|truncated)>.*")) {
				JsonNode sent = JSON.readTree(sentText);
				String model = entry.path("model").asString();
				Prompt prompt = prompt(sent, model);
				if (prompt != null) {
					samples.add(new Sample(model, prompt, counted));
				}
			}
		}
		return samples;
	}

	/** The last count of a response or stream. */
	private static long counted(String body) {
		long counted = 0;
		for (String line : body.startsWith("{") ? List.of(body) : body.lines().toList()) {
			try {
				JsonNode answer = JSON.readTree(line.startsWith("data:") ? line.substring("data:".length()) : line);
				JsonNode usage = answer.path("usage").isObject() ? answer.path("usage") : answer.at("/response/usage");
				counted = usage.path("prompt_tokens").asLong(usage.path("input_tokens").asLong(counted));
			}
			catch (JacksonException ex) {
				// Event names and the end marker are not JSON
				assertThat(line).doesNotContain("_tokens\"");
			}
		}
		return counted;
	}

	private static @Nullable Prompt prompt(JsonNode sent, String model) {
		List<Message> messages = new ArrayList<>();
		if (sent.path("instructions").isString()) {
			messages.add(new SystemMessage(sent.path("instructions").asString()));
		}
		if (sent.path("input").isString()) {
			messages.add(new UserMessage(sent.path("input").asString()));
		}
		for (JsonNode item : sent.has("messages") ? sent.path("messages") : sent.path("input")) {
			if (item.toString().contains("image_url") || item.toString().contains("input_image")) {
				return null;
			}
			messages.add(message(item));
		}
		List<ToolCallback> tools = new ArrayList<>();
		for (JsonNode tool : sent.path("tools")) {
			if (!"function".equals(tool.path("type").asString())) {
				return null;
			}
			tools.add(tool(tool.has("function") ? tool.path("function") : tool));
		}
		JsonNode schema = sent.has("response_format") ? sent.at("/response_format/json_schema/schema")
				: sent.at("/text/format/schema");
		GrokChatOptions.Builder options = GrokChatOptions.builder().model(model).toolCallbacks(tools);
		if (schema.isObject()) {
			options.outputSchema(schema.toString());
		}
		return messages.isEmpty() ? null : new Prompt(messages, options.build());
	}

	private static Message message(JsonNode item) {
		String content = item.path("content").isString() ? item.path("content").asString()
				: texts(item.path("content"));
		String type = item.path("type").asString(item.path("role").asString());
		return switch (type.equals("message") ? item.path("role").asString() : type) {
			case "system", "developer" -> new SystemMessage(content);
			case "user" -> new UserMessage(content);
			case "tool" -> toolResponse(content);
			case "function_call_output" -> toolResponse(item.path("output").asString());
			case "function_call" -> call(item, "");
			case "reasoning" -> AssistantMessage.builder()
				.content("")
				.properties(Map.of("grok.reasoning-items", List.of(item.toString())))
				.build();
			default -> item.has("tool_calls") ? call(item.path("tool_calls"), content) : new AssistantMessage(content);
		};
	}

	private static Message call(JsonNode calls, String content) {
		List<AssistantMessage.ToolCall> made = new ArrayList<>();
		for (JsonNode call : calls.isArray() ? calls : JSON.createArrayNode().add(calls)) {
			JsonNode function = call.has("function") ? call.path("function") : call;
			made.add(new AssistantMessage.ToolCall("id", "function", function.path("name").asString(),
					function.path("arguments").asString("")));
		}
		return AssistantMessage.builder().content(content).toolCalls(made).build();
	}

	private static Message toolResponse(String data) {
		return ToolResponseMessage.builder()
			.responses(List.of(new ToolResponseMessage.ToolResponse("id", "tool", data)))
			.build();
	}

	private static String texts(JsonNode parts) {
		StringBuilder text = new StringBuilder();
		parts.forEach((part) -> text.append(part.path("text").asString("")));
		return text.toString();
	}

	private static ToolCallback tool(JsonNode function) {
		return FunctionToolCallback.builder(function.path("name").asString(), (String input) -> input)
			.description(function.path("description").asString("-"))
			.inputType(String.class)
			.inputSchema(function.path("parameters").toString())
			.build();
	}

	private static String text(Path file) {
		try {
			return Files.readString(file, StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private record Sample(String model, Prompt prompt, long counted) {

		String subject() {
			boolean tools = !((GrokChatOptions) this.prompt.getOptions()).getToolCallbacks().isEmpty();
			return this.model + (tools ? " with tools" : "");
		}

	}

	/**
	 * Relative errors.
	 */
	private static final class Errors {

		private final List<Double> plain = new ArrayList<>();

		private final List<Double> calibrated = new ArrayList<>();

		void add(long plain, long calibrated, long counted) {
			this.plain.add((double) Math.abs(plain - counted) / counted);
			this.calibrated.add((double) Math.abs(calibrated - counted) / counted);
		}

		double median(List<Double> errors) {
			return percentile(errors, 50);
		}

		double percentile(List<Double> errors, int percent) {
			return errors.stream().sorted().skip((long) (errors.size() - 1) * percent / 100).findFirst().orElse(0.0);
		}

		@Override
		public String toString() {
			return "%d prompts, uncalibrated error median %.0f%%, p90 %.0f%%; calibrated error median %.0f%%, p90 %.0f%%"
				.formatted(this.plain.size(), 100 * median(this.plain), 100 * percentile(this.plain, 90),
						100 * median(this.calibrated), 100 * percentile(this.calibrated, 90));
		}

	}

}
