package io.github.grokspring.autoconfigure;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Stream;

import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.ChatModelDecorator;
import io.github.grokspring.chain.ChatResponses;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.error.UnsupportedParameterException;
import io.github.grokspring.event.AttemptFailed;
import io.github.grokspring.event.AttemptFinished;
import io.github.grokspring.event.CostRecorded;
import io.github.grokspring.event.GrokEvent;
import io.github.grokspring.event.GrokEventListener;
import io.github.grokspring.event.ModelRedirected;
import io.github.grokspring.event.ParameterLearned;
import io.github.grokspring.event.ParametersScrubbed;
import io.github.grokspring.scrub.ResponseCheckChatModel;
import io.github.grokspring.scrub.Scrubbed;
import io.github.grokspring.scrub.Scrubber;
import io.github.grokspring.scrub.ScrubbingChatModel;
import io.github.grokspring.test.RecordedRequest;
import io.github.grokspring.test.XaiServerExtension;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.ai.tool.annotation.Tool;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What reaches xAI of options that its models refuse, and what the application is told.
 */
class ScrubbingOnTheWireTests {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private final Listener listener = new Listener();

	private final ApplicationContextRunner runner = ContextRunners.starter()
		.withPropertyValues("grok.base-url=" + xai.baseUrl(), "grok.api-key=" + xai.apiKey())
		.withBean(GrokEventListener.class, () -> this.listener);

	@BeforeEach
	void forget() {
		xai.reset();
	}

	@ParameterizedTest
	@ValueSource(strings = { "native", "spring-ai" })
	void refusedPropertiesOfAClientAreLeftOutOfCallsAndStreams(String transport) {
		this.runner
			.withPropertyValues("grok.chat.transport=" + transport, "grok.chat.presence-penalty=0.5",
					"grok.chat.frequency-penalty=0", "grok.chat.stop=END", "grok.chat.temperature=0.3",
					"grok.clients.talker.model=grok-4.20-0309-non-reasoning")
			.run((context) -> {
				for (ChatResponse answer : bothWays(context.getBean(ChatClient.class).prompt("hi"))) {
					assertThat(scrubbed(answer)).containsExactly("presence_penalty", "frequency_penalty", "stop");
					xai.lastRequest().hasNoParameter("presence_penalty").hasNoParameter("stop");
					assertThat(xai.lastRequest().parameter("temperature").asDouble()).isEqualTo(0.3);
				}
				ChatClient talker = context.getBean("talkerChatClient", ChatClient.class);
				for (ChatResponse answer : bothWays(talker.prompt("hi"))) {
					assertThat(scrubbed(answer)).containsExactly("presence_penalty", "frequency_penalty");
					xai.lastRequest().hasParameter("stop");
				}
				assertThat(this.listener.events).filteredOn((event) -> event.client().equals("talker"))
					.containsOnly(new ParametersScrubbed("talker", "grok-4.20-0309-non-reasoning",
							List.of("presence_penalty", "frequency_penalty")))
					.hasSize(2);
			});
	}

	@ParameterizedTest
	@MethodSource("optionsOfARequest")
	void refusedOptionsOfARequestAreLeftOutWhateverTheirType(ChatOptions.Builder<?> options) {
		this.runner.run((context) -> {
			ChatClient client = context.getBean(ChatClient.class);
			for (ChatResponse answer : bothWays(client.prompt("hi").options(options.clone()))) {
				assertThat(scrubbed(answer)).contains("presence_penalty", "stop");
				assertThatNoFieldComesTwice();
				xai.lastRequest().hasNoParameter("presence_penalty").hasNoParameter("stop");
				assertThat(xai.lastRequest().parameter("top_p").asDouble()).isEqualTo(0.9);
			}
		});
	}

	static Stream<ChatOptions.Builder<?>> optionsOfARequest() {
		return Stream.of(ChatOptions.builder().topP(0.9).presencePenalty(0.5).stopSequences(List.of("END")),
				OpenAiChatOptions.builder().topP(0.9).presencePenalty(0.5).stop(List.of("END")).logprobs(true).n(2),
				OpenAiChatOptions.builder()
					.topP(0.9)
					.extraBody(Map.of("presence_penalty", 0.5, "stop", "END", "top_p", 0.1, "model", "grok-3")),
				GrokChatOptions.builder()
					.topP(0.9)
					.presencePenalty(0.5)
					.stopSequences(List.of("END"))
					.logitBias(Map.of("5", 1)));
	}

	@ParameterizedTest
	@ValueSource(strings = { "native", "spring-ai" })
	void noFieldIsSentTwice(String transport) {
		this.runner.withPropertyValues("grok.chat.transport=" + transport, "grok.chat.max-tokens=50").run((context) -> {
			Map<String, Object> extraBody = new LinkedHashMap<>();
			extraBody.put("max_tokens", 7);
			extraBody.put("max_completion_tokens", 8);
			extraBody.put("temperature", 2);
			extraBody.put("messages", List.of());
			extraBody.put("stream_options", Map.of());
			extraBody.put("own", true);
			ChatClient client = context.getBean(ChatClient.class);
			for (ChatResponse answer : bothWays(
					client.prompt("hi").options(GrokChatOptions.builder().temperature(0.1).extraBody(extraBody)))) {
				assertThatNoFieldComesTwice();
				RecordedRequest request = xai.lastRequest().hasParameter("own").hasNoParameter("max_tokens");
				assertThat(request.parameter("max_completion_tokens").asInt()).isEqualTo(50);
				assertThat(request.parameter("temperature").asDouble()).isEqualTo(0.1);
				assertThat(scrubbed(answer)).containsExactlyInAnyOrder("max_tokens", "max_completion_tokens",
						"temperature", "messages", "stream_options");
			}
		});
	}

	@Test
	void everyRoundOfAToolLoopIsScrubbed() {
		this.runner.withPropertyValues("grok.chat.stop=END").run((context) -> {
			ChatClient client = context.getBean(ChatClient.class);
			List<Function<ChatClient.ChatClientRequestSpec, String>> ways = List.of(
					(request) -> request.call().content(),
					(request) -> request.stream().content().reduce("", String::concat).block(PATIENCE));
			for (Function<ChatClient.ChatClientRequestSpec, String> way : ways) {
				xai.reset();
				this.listener.events.clear();
				xai.answersWithToolCall("clock", "{}");
				xai.answers("It is noon");
				assertThat(way.apply(client.prompt("What time is it?")
					.options(GrokChatOptions.builder().presencePenalty(0.5).reasoningEffort("max"))
					.tools(new Clock()))).isEqualTo("It is noon");
				assertThat(xai.requests()).hasSize(2).allSatisfy((request) -> {
					request.hasNoParameter("presence_penalty").hasNoParameter("stop").hasParameter("tools");
					assertThat(request.parameter("reasoning_effort").stringValue()).isEqualTo("xhigh");
				});
				assertThat(this.listener.events).hasSize(2)
					.containsOnly(new ParametersScrubbed("default", "grok-4.3",
							List.of("presence_penalty", "stop", "reasoning_effort")));
			}
		});
	}

	@Test
	void whoWantsToBeToldIsToldBeforeAnythingIsSent() {
		this.runner.withPropertyValues("grok.scrub.on-unsupported=fail").run((context) -> {
			ChatClient.ChatClientRequestSpec request = context.getBean(ChatClient.class)
				.prompt("hi")
				.options(ChatOptions.builder().presencePenalty(0.5));
			assertThatExceptionOfType(UnsupportedParameterException.class).isThrownBy(() -> request.call().content())
				.withMessageContaining("presence_penalty");
			assertThatExceptionOfType(UnsupportedParameterException.class)
				.isThrownBy(() -> request.stream().content().blockLast(PATIENCE));
			assertThat(xai.requestCount()).isZero();
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "grok.scrub.on-unsupported=pass", "grok.scrub.enabled=false" })
	void whoWantsItSoSendsEverything(String property) {
		this.runner.withPropertyValues(property, "grok.chat.presence-penalty=0.5").run((context) -> {
			assertThatExceptionOfType(GrokApiException.class)
				.isThrownBy(() -> context.getBean(ChatClient.class).prompt("hi").call().content())
				.satisfies((ex) -> assertThat(ex.parameter()).isEqualTo("presence_penalty"))
				.satisfies((ex) -> assertThat(ex.isRetryable()).isFalse());
			xai.lastRequest().hasParameter("presence_penalty");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "grok.retry.enabled=true", "grok.retry.enabled=false" })
	void whatXaiRefusesInSpiteOfTheCatalogueIsLeftOutAtOnceAndFromThenOn(String retries) {
		this.runner.withPropertyValues(retries).run((context) -> {
			xai.failsWith(400).saying("invalid-argument", "Model grok-4.3 does not support parameter topK.");
			ChatClient client = context.getBean(ChatClient.class);
			ChatResponse answer = client.prompt("hi").options(ChatOptions.builder().topK(5)).call().chatResponse();
			assertThat(xai.requests()).hasSize(2);
			xai.requests().get(0).hasParameter("top_k");
			xai.requests().get(1).hasNoParameter("top_k");
			assertThat(scrubbed(answer)).containsExactly("top_k");
			assertThat(answer.getMetadata().<Integer>get("grok.attempts")).isEqualTo(2);
			assertThat(this.listener.events).contains(new ParameterLearned("default", "grok-4.3", "top_k"))
				.anySatisfy((event) -> assertThat(event).isInstanceOfSatisfying(AttemptFailed.class, (failed) -> {
					assertThat(failed.attempt()).isOne();
					assertThat(failed.reason()).isEqualTo("unsupported_parameter");
					assertThat(failed.delay()).isEqualTo(Duration.ZERO);
				}));
			assertThat(context.getBean(Scrubber.class).learned()).containsKey("grok-4.3");
			answer = client.prompt("hi").options(ChatOptions.builder().topK(5)).call().chatResponse();
			assertThat(xai.requests()).hasSize(3);
			xai.lastRequest().hasNoParameter("top_k");
			assertThat(scrubbed(answer)).containsExactly("top_k");
		});
	}

	@Test
	void whatIsLearnedStaysWithinTheAttemptsOfACall() {
		this.runner.withPropertyValues("grok.retry.max-attempts=1").run((context) -> {
			xai.failsWith(400).saying("invalid-argument", "Model grok-4.3 does not support parameter topK.");
			ChatClient client = context.getBean(ChatClient.class);
			assertThatExceptionOfType(GrokApiException.class)
				.isThrownBy(() -> client.prompt("hi").options(ChatOptions.builder().topK(5)).call().content());
			assertThat(xai.requests()).hasSize(1);
			assertThat(client.prompt("hi").options(ChatOptions.builder().topK(5)).call().content()).isNotEmpty();
			xai.lastRequest().hasNoParameter("top_k");
		});
	}

	@Test
	void aRefusedEffortIsLeftOutAtOnceInStreamsToo() {
		xai.alsoServes("grok-4.8", "grok-4.20-0309-reasoning");
		this.runner.withPropertyValues("grok.chat.model=grok-4.8", "grok.chat.reasoning-effort=high").run((context) -> {
			ChatClient client = context.getBean(ChatClient.class);
			assertThat(client.prompt("hi").stream().content().collectList().block(PATIENCE)).isNotEmpty();
			assertThat(xai.requests()).hasSize(2);
			xai.requests().get(0).hasParameter("reasoning_effort");
			xai.lastRequest().hasNoParameter("reasoning_effort");
		});
	}

	@Test
	void anEffortThatIsRefusedWithoutANameCostsOthersNothing() {
		this.runner.run((context) -> {
			xai.failsWith(400).saying("invalid-argument", "Invalid reasoning effort.");
			ChatClient client = context.getBean(ChatClient.class);
			ChatResponse answer = client.prompt("hi")
				.options(GrokChatOptions.builder().reasoningEffort("xhigh"))
				.call()
				.chatResponse();
			assertThat(xai.requests()).hasSize(2);
			assertThat(xai.lastRequest().parameter("reasoning_effort").stringValue()).isEqualTo("high");
			assertThat(scrubbed(answer)).containsExactly("reasoning_effort");
			for (ChatResponse other : bothWays(
					client.prompt("hi").options(GrokChatOptions.builder().reasoningEffort("none")))) {
				assertThat(xai.lastRequest().parameter("reasoning_effort").stringValue()).isEqualTo("none");
				assertThat(scrubbed(other)).isNull();
			}
			assertThat(context.getBean(Scrubber.class).learned())
				.isEqualTo(Map.of("grok-4.3", Set.of("reasoning_effort=xhigh")));
		});
	}

	@Test
	void parametersThatAreRefusedOneAfterTheOtherAreLeftOutWithinTheAttemptsOfACall() {
		this.runner.withPropertyValues("grok.retry.max-attempts=3").run((context) -> {
			xai.failsWith(400).saying("invalid-argument", "Model grok-4.3 does not support parameter topK.");
			xai.failsWith(400).saying("invalid-argument", "Model grok-4.3 does not support parameter seed.");
			ChatResponse answer = context.getBean(ChatClient.class)
				.prompt("hi")
				.options(GrokChatOptions.builder().topK(5).seed(1))
				.call()
				.chatResponse();
			assertThat(xai.requests()).hasSize(3);
			assertThat(scrubbed(answer)).containsExactlyInAnyOrder("top_k", "seed");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "native", "spring-ai" })
	void aStreamSaysOnceWhatWasDifferent(String transport) {
		this.runner
			.withPropertyValues("grok.chat.transport=" + transport, "grok.chat.presence-penalty=0.5",
					"grok.chat.model=grok-4", "grok.chat.max-tokens=1")
			.run((context) -> {
				String head = "data: {\"id\":\"1\",\"object\":\"chat.completion.chunk\",\"created\":1,"
						+ "\"model\":\"grok-4.3\",\"choices\":[";
				xai.answersRaw(200, "text/event-stream",
						head + "{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}\n\n" + head
								+ "{\"index\":0,\"delta\":{},\"finish_reason\":\"length\"}]}\n\n" + head
								+ "],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":0,\"total_tokens\":130,"
								+ "\"completion_tokens_details\":{\"reasoning_tokens\":125}}}\n\ndata: [DONE]\n\n");
				List<ChatResponse> elements = context.getBean(GrokChatModel.class)
					.stream(new Prompt("hi"))
					.collectList()
					.block(PATIENCE);
				assertThat(elements).filteredOn(ChatResponses::isLast).hasSize(1);
				for (String key : List.of("grok.scrubbed", "grok.explanation", "grok.cost")) {
					assertThat(elements).filteredOn((element) -> element.getMetadata().containsKey(key))
						.as(key)
						.containsExactly(elements.get(elements.size() - 1));
				}
				assertThat(elements.get(elements.size() - 1).getMetadata().<String>get("grok.explanation"))
					.contains("all 125 tokens");
				assertThat(this.listener.events).filteredOn(ModelRedirected.class::isInstance).hasSize(1);
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "native", "spring-ai" })
	void aSecondLimitIsReported(String transport) {
		this.runner.withPropertyValues("grok.chat.transport=" + transport).run((context) -> {
			ChatClient client = context.getBean(ChatClient.class);
			ChatOptions.Builder<?> both = OpenAiChatOptions.builder()
				.maxTokens(5)
				.combineWith(OpenAiChatOptions.builder().maxCompletionTokens(60));
			for (ChatResponse answer : bothWays(client.prompt("hi").options(both))) {
				assertThat(scrubbed(answer)).containsExactly("max_tokens");
				assertThat(xai.lastRequest().hasNoParameter("max_tokens").parameter("max_completion_tokens").asInt())
					.isEqualTo(60);
			}
		});
	}

	@Test
	void answersOfAnotherModelAndAnswersThatAreAllThinkingAreReported() {
		this.runner.withPropertyValues("grok.scrub.enabled=false", "grok.chat.model=grok-4").run((context) -> {
			xai.answersRaw(200, "application/json", """
					{"id":"a1","model":"grok-4.3","choices":[{"index":0,"message":{"role":"assistant","content":""},\
					"finish_reason":"length"}],"usage":{"prompt_tokens":5,"completion_tokens":0,"total_tokens":130,\
					"completion_tokens_details":{"reasoning_tokens":125}}}""");
			ChatResponse answer = context.getBean(ChatClient.class).prompt("hi").call().chatResponse();
			assertThat(answer.getMetadata().<String>get("grok.explanation")).contains("all 125 tokens");
			assertThat(answer.getMetadata().<String>get("grok.requested-model")).isEqualTo("grok-4");
			assertThat(this.listener.events).containsExactly(new ModelRedirected("default", "grok-4", "grok-4.3"));
		});
	}

	@Test
	void bothStagesStandInTheChainOfEveryClientAndScrubbingCanBeSwitchedOff() {
		this.runner.run((context) -> {
			assertThat(context).hasBean("grokScrubber")
				.hasBean("grokScrubbingDecorator")
				.hasBean("grokAnswerCheckDecorator");
			assertThat(context.getBean(GrokChatModel.class).stages()).containsSubsequence("scrubbing", "answer-check",
					"chat-completions");
		});
		this.runner.withPropertyValues("grok.scrub.enabled=false").run((context) -> {
			assertThat(context).doesNotHaveBean(Scrubber.class).doesNotHaveBean("grokScrubbingDecorator");
			assertThat(context.getBean(GrokChatModel.class).stages()).contains("answer-check")
				.doesNotContain("scrubbing");
		});
	}

	@Test
	void beansOfTheApplicationGoFirst() {
		Scrubber own = (options) -> new Scrubbed(options.mutate().seed(42).build(), List.of("seed"));
		this.runner.withBean("own", Scrubber.class, () -> own).run((context) -> {
			assertThat(context).hasSingleBean(Scrubber.class);
			assertThat(scrubbed(context.getBean(ChatClient.class).prompt("hi").call().chatResponse()))
				.containsExactly("seed");
			assertThat(xai.lastRequest().parameter("seed").asInt()).isEqualTo(42);
		});
		this.runner
			.withBean("grokScrubbingDecorator", ChatModelDecorator.class,
					() -> ScrubbingChatModel.decorator(own, GrokEventListener.none()))
			.withBean("grokAnswerCheckDecorator", ChatModelDecorator.class,
					() -> ResponseCheckChatModel.decorator(ModelCatalog.bundled(), GrokEventListener.none(),
							InstantSource.system()))
			.run((context) -> {
				assertThat(context.getBean(GrokChatModel.class).stages()).containsOnlyOnce("scrubbing", "answer-check");
				context.getBean(ChatClient.class).prompt("hi").call().content();
				assertThat(xai.lastRequest().parameter("seed").asInt()).isEqualTo(42);
			});
	}

	@Test
	void modelsOfThePropertiesCount() {
		this.runner.withPropertyValues("grok.models.[grok-4.3].unsupported-parameters=seed").run((context) -> {
			ChatResponse answer = context.getBean(ChatClient.class)
				.prompt("hi")
				.options(GrokChatOptions.builder().seed(1).topP(0.5))
				.call()
				.chatResponse();
			assertThat(scrubbed(answer)).containsExactly("seed");
			xai.lastRequest().hasNoParameter("seed").hasParameter("top_p");
		});
	}

	@Test
	void anUnknownModeStopsTheStart() {
		this.runner.withPropertyValues("grok.scrub.on-unsupported=ignore")
			.run((context) -> assertThat(context).hasFailed());
	}

	private static List<ChatResponse> bothWays(ChatClient.ChatClientRequestSpec request) {
		List<ChatResponse> answers = new ArrayList<>();
		answers.add(request.call().chatResponse());
		answers.add(request.stream().chatResponse().blockLast(PATIENCE));
		return answers;
	}

	private static List<String> scrubbed(ChatResponse answer) {
		return answer.getMetadata().get("grok.scrubbed");
	}

	private static void assertThatNoFieldComesTwice() {
		RecordedRequest request = xai.lastRequest();
		for (String field : request.json().propertyNames()) {
			assertThat(request.countOfKey(field)).as(field).isOne();
		}
	}

	static class Clock {

		@Tool(description = "Tells the time")
		String clock() {
			return "noon";
		}

	}

	private static final class Listener implements GrokEventListener {

		private final List<GrokEvent> events = new CopyOnWriteArrayList<>();

		@Override
		public void onEvent(GrokEvent event) {
			// the others are of the metering stage, below which this one stands
			if (!(event instanceof CostRecorded || event instanceof AttemptFinished)) {
				this.events.add(event);
			}
		}

	}

}
