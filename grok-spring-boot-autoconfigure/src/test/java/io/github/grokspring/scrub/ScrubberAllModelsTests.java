package io.github.grokspring.scrub;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import io.github.grokspring.catalog.GrokModel;
import io.github.grokspring.catalog.GrokModel.Endpoint;
import io.github.grokspring.catalog.GrokModel.Status;
import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.chain.Invocation;
import io.github.grokspring.chain.ReasoningEfforts;
import io.github.grokspring.completions.ChatCompletionsModel;
import io.github.grokspring.connection.HttpSettings;
import io.github.grokspring.connection.ReactorXaiHttpClient;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.event.GrokEventListener;
import io.github.grokspring.test.RecordedRequest;
import io.github.grokspring.test.XaiServerExtension;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.function.FunctionToolCallback;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests the {@link Scrubber} with all chat models, model names and parameters against a
 * server that rejects what xAI rejects. Requests without scrubbing determine which
 * parameters the server accepts.
 */
class ScrubberAllModelsTests {

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private static final ModelCatalog CATALOG = ModelCatalog.bundled();

	private static final ReactorXaiHttpClient EXCHANGE = ReactorXaiHttpClient
		.create(HttpSettings.defaults().withBaseUrl(xai.baseUrl()), xai::apiKey, ObservationRegistry.NOOP, List.of());

	private static final ToolCallback TOOL = FunctionToolCallback.builder("time", () -> "noon")
		.description("tells the time")
		.inputType(Void.class)
		.build();

	private final GrokChatModel raw = model(OnUnsupported.PASS);

	private final GrokChatModel scrubbing = model(OnUnsupported.DROP);

	@BeforeAll
	static void serve() {
		// A retired name that the server no longer knows
		xai.alsoServes("grok-3-beta", "grok-4.3");
	}

	@AfterAll
	static void close() {
		EXCHANGE.close();
	}

	@ParameterizedTest
	@MethodSource("names")
	void acceptedParametersAreSentAndNoCallFails(String name) {
		GrokModel model = CATALOG.get(name);
		List<String> lost = new ArrayList<>();
		parameters().forEach((parameter) -> {
			Prompt prompt = new Prompt("hi", parameter.in(name));
			boolean accepted = isAccepted(prompt);
			Invocation invocation = (parameter.toString().length() % 2 == 0) ? Invocation.CALL : Invocation.STREAM;
			invocation.invoke(this.scrubbing, prompt);
			RecordedRequest request = xai.lastRequest();
			assertThatNoFieldIsDuplicated(request);
			JsonNode arrived = request.json()
				.get("max_tokens".equals(parameter.field()) ? "max_completion_tokens" : parameter.field());
			if (accepted && !model.ignores(parameter.field()) && !parameter.value().equals(arrived)) {
				lost.add(parameter + " arrived as " + arrived);
			}
			if (!accepted && parameter.value().equals(arrived)) {
				lost.add(parameter + " was sent");
			}
		});
		assertThat(lost).isEmpty();
	}

	@ParameterizedTest
	@MethodSource("names")
	void noCallFailsWithAllParameters(String name) {
		GrokChatOptions.Builder everything = GrokChatOptions.builder().model(name);
		Map<String, Object> extraBody = new LinkedHashMap<>();
		parameters().forEach((parameter) -> {
			parameter.option().apply(everything);
			extraBody.put(parameter.field(), JsonMapper.shared().treeToValue(parameter.value(), Object.class));
		});
		extraBody.put("search_parameters", Map.of("mode", "auto"));
		extraBody.put("model", "grok-3");
		extraBody.put("stream", true);
		extraBody.put("deferred", true);
		extraBody.put("max_tokens", 3);
		Prompt prompt = new Prompt("hi", everything.extraBody(extraBody).build());
		for (Invocation invocation : Invocation.values()) {
			invocation.invoke(this.scrubbing, prompt);
			RecordedRequest request = xai.lastRequest().hasNoParameter("search_parameters").hasNoParameter("deferred");
			assertThatNoFieldIsDuplicated(request);
			assertThat(request.parameter("model").stringValue()).isEqualTo(name);
			assertThat(request.countOfKey("max_tokens")).isZero();
			assertThat(request.countOfKey("max_completion_tokens")).isOne();
		}
	}

	@Test
	void catalogIsComplete() {
		assertThat(names()).contains("grok-4.7", "grok-4.3", "grok-4.20", "grok-4", "grok-3-latest", "grok-4-latest")
			.hasSizeGreaterThan(30);
	}

	static Stream<String> names() {
		return CATALOG.models()
			.stream()
			.filter((model) -> model.status() != Status.RETIRED)
			.filter((model) -> model.endpoints().contains(Endpoint.CHAT_COMPLETIONS))
			.flatMap((model) -> Stream.concat(Stream.of(model.id()), model.aliases().stream().sorted()));
	}

	private static Stream<Parameter> parameters() {
		Stream<Parameter> typed = Stream.of(new Parameter("temperature", "0.5", (options) -> options.temperature(0.5)),
				new Parameter("top_p", "0.5", (options) -> options.topP(0.5)),
				new Parameter("top_k", "5", (options) -> options.topK(5)),
				new Parameter("seed", "7", (options) -> options.seed(7)),
				new Parameter("n", "1", (options) -> options.n(1)), new Parameter("n", "2", (options) -> options.n(2)),
				new Parameter("presence_penalty", "0.5", (options) -> options.presencePenalty(0.5)),
				new Parameter("presence_penalty", "0.0", (options) -> options.presencePenalty(0.0)),
				new Parameter("frequency_penalty", "0.5", (options) -> options.frequencyPenalty(0.5)),
				new Parameter("logprobs", "true", (options) -> options.logprobs(true)),
				new Parameter("top_logprobs", "2", (options) -> options.topLogprobs(2)),
				new Parameter("logit_bias", "{\"5\":1}", (options) -> options.logitBias(Map.of("5", 1))),
				new Parameter("stop", "[\"END\"]", (options) -> options.stopSequences(List.of("END"))),
				new Parameter("max_completion_tokens", "50", (options) -> options.maxTokens(50)),
				new Parameter("service_tier", "\"priority\"", (options) -> options.serviceTier("priority")),
				new Parameter("store", "false", (options) -> options.store(false)),
				new Parameter("user", "\"u1\"", (options) -> options.user("u1")),
				new Parameter("response_format", "{\"type\":\"json_object\"}",
						(options) -> options.responseFormat("json_object")),
				new Parameter("parallel_tool_calls", "false",
						(options) -> options.toolCallbacks(List.of(TOOL)).parallelToolCalls(false)),
				new Parameter("tool_choice", "\"none\"",
						(options) -> options.toolCallbacks(List.of(TOOL)).toolChoice("none")));
		Stream<Parameter> efforts = Stream
			.of("none", "minimal", "low", "medium", "high", "xhigh", "max", "HIGH", "as hard as you can")
			.map((effort) -> new Parameter(ReasoningEfforts.FIELD, "\"" + effort + "\"",
					(options) -> options.reasoningEffort(effort)));
		return Stream.concat(Stream.concat(typed, efforts).flatMap(Parameter::both),
				Stream.of(new Parameter("search_parameters", "{\"mode\":\"auto\"}", null).extra(),
						new Parameter("safety_identifier", "\"s1\"", null).extra(),
						new Parameter("prompt_cache_key", "\"c1\"", null).extra(),
						new Parameter("max_tokens", "50", null).extra(), new Parameter("own", "[1]", null).extra()));
	}

	private boolean isAccepted(Prompt prompt) {
		try {
			this.raw.call(prompt);
			return true;
		}
		catch (GrokApiException ex) {
			assertThat(ex.status()).isIn(400, 410);
			return false;
		}
	}

	private static void assertThatNoFieldIsDuplicated(RecordedRequest request) {
		for (String field : request.json().propertyNames()) {
			assertThat(request.countOfKey(field)).as(field).isOne();
		}
	}

	private static GrokChatModel model(OnUnsupported onUnsupported) {
		return GrokChatModel.builder("chat-completions", ChatCompletionsModel.builder(EXCHANGE).build())
			.options(GrokChatOptions.builder().model("grok-4.3").build())
			.decorators(List.of(ScrubbingChatModel.decorator(Scrubber.create(CATALOG, onUnsupported, false),
					GrokEventListener.none())))
			.build();
	}

	/**
	 * A field of a request and the option that sets it, or the extra body if there is
	 * none.
	 */
	private record Parameter(String field, String json, UnaryOperator<GrokChatOptions.Builder> option) {

		private JsonNode value() {
			return JsonMapper.shared().readTree(this.json);
		}

		private GrokChatOptions in(String model) {
			return this.option.apply(GrokChatOptions.builder().model(model)).build();
		}

		private Stream<Parameter> both() {
			return Stream.of(this, extra());
		}

		private Parameter extra() {
			Object value = JsonMapper.shared().treeToValue(value(), Object.class);
			boolean ofTools = this.field.equals("tool_choice") || this.field.equals("parallel_tool_calls");
			return new Parameter(this.field, this.json, (options) -> options.extraBody(Map.of(this.field, value))
				.toolCallbacks(ofTools ? List.of(TOOL) : List.of()));
		}

		@Override
		public String toString() {
			return this.field + " " + this.json;
		}

	}

}
