package io.github.grokspring.chain;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.grokspring.error.GrokException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.model.tool.ToolCallingChatOptions;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.function.FunctionToolCallback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link GrokChatModel}.
 */
class GrokChatModelTests {

	private final RecordingChatModel transport = new RecordingChatModel();

	private final GrokChatModel model = model("default",
			GrokChatOptions.builder()
				.model("grok-4.3")
				.temperature(0.2)
				.maxTokens(100)
				.stopSequences(List.of("END"))
				.reasoningEffort("low")
				.conversationId("c1")
				.extraBody(Map.of("deferred", false))
				.build());

	@Test
	void defaultsApplyWithoutOptions() {
		this.model.call(new Prompt("hello"));
		this.model.stream(new Prompt("hello")).blockLast(Duration.ofSeconds(10));
		this.model.call("hello");
		ChatClient.create(this.model).prompt("hello").call().content();
		assertThat(this.transport.prompts()).hasSize(4)
			.allSatisfy((prompt) -> assertThat(prompt.getOptions()).isEqualTo(this.model.getOptions()));
	}

	@ParameterizedTest
	@EnumSource
	void portableOptionsOverrideDefaults(ClientInvocation invocation) {
		invocation.invoke(this.model, ChatOptions.builder().temperature(0.9).maxTokens(7).build());
		assertThat(this.transport.options())
			.isEqualTo(this.model.getOptions().mutate().temperature(0.9).maxTokens(7).build());
	}

	@ParameterizedTest
	@EnumSource
	void toolCallingOptionsOverrideDefaults(ClientInvocation invocation) {
		ToolCallback tool = tool();
		invocation.invoke(this.model, ToolCallingChatOptions.builder().toolCallbacks(tool).toolContext("a", 1).build());
		assertThat(this.transport.options().getToolCallbacks()).containsExactly(tool);
		assertThat(this.transport.options().getToolContext()).containsExactly(Map.entry("a", 1));
		assertThat(this.transport.options().getReasoningEffort()).isEqualTo("low");
		assertThat(this.transport.options().getModel()).isEqualTo("grok-4.3");
	}

	@ParameterizedTest
	@EnumSource
	void grokOptionsOverrideDefaults(ClientInvocation invocation) {
		invocation.invoke(this.model,
				GrokChatOptions.builder().reasoningEffort("high").extraBody(Map.of("x", 1)).build());
		assertThat(this.transport.options()).isEqualTo(this.model.getOptions()
			.mutate()
			.reasoningEffort("high")
			.extraBody(Map.of("deferred", false, "x", 1))
			.build());
	}

	@ParameterizedTest
	@EnumSource
	void derivedOptionsDuplicateNothing(ClientInvocation invocation) {
		ToolCallback tool = tool();
		GrokChatModel withTool = model("tools", this.model.getOptions().mutate().toolCallbacks(List.of(tool)).build());
		invocation.invoke(withTool, withTool.getOptions().mutate().seed(1).build());
		assertThat(this.transport.options().getStopSequences()).containsExactly("END");
		assertThat(this.transport.options().getToolCallbacks()).containsExactly(tool);
		assertThat(this.transport.options().getSeed()).isEqualTo(1);
	}

	@Test
	void derivedOptionsCanUnsetDefault() {
		this.model
			.call(new Prompt("hello", this.model.getOptions().mutate().temperature(null).stopSequences(null).build()));
		assertThat(this.transport.options().getTemperature()).isNull();
		assertThat(this.transport.options().getStopSequences()).isNull();
	}

	@Test
	void derivedOptionsCannotUnsetModel() {
		this.model.call(new Prompt("hello", this.model.getOptions().mutate().model(null).build()));
		assertThat(this.transport.options().getModel()).isEqualTo("grok-4.3");
	}

	@Test
	void optionsDoNotLeakBetweenClients() {
		GrokChatModel other = model("other",
				GrokChatOptions.builder().model("grok-4.5").serviceTier("priority").build());
		ChatOptions portable = ChatOptions.builder().topP(0.5).build();
		this.model.call(new Prompt("hello", portable));
		other.call(new Prompt("hello", portable));
		assertThat(this.transport.prompts().get(0).getOptions())
			.isEqualTo(this.model.getOptions().mutate().topP(0.5).build());
		assertThat(this.transport.prompts().get(1).getOptions())
			.isEqualTo(other.getOptions().mutate().topP(0.5).build());
		other.call(new Prompt("hello", this.model.getOptions()));
		assertThat(this.transport.options().getModel()).isEqualTo("grok-4.3");
		assertThat(this.transport.options().getServiceTier()).isEqualTo("priority");
	}

	@Test
	void clientDefaultsSurviveDefaultAndCallOptions() {
		ChatClient client = ChatClient.builder(this.model).defaultOptions(ChatOptions.builder().topP(0.4)).build();
		client.prompt("hello").call().content();
		assertThat(this.transport.options()).isEqualTo(this.model.getOptions().mutate().topP(0.4).build());
		client.prompt("hello").options(GrokChatOptions.builder().seed(3)).call().content();
		assertThat(this.transport.options()).isEqualTo(this.model.getOptions().mutate().seed(3).build());
	}

	@Test
	void nativeStructuredOutputSetsOutputSchema() {
		RecordingChatModel answering = new RecordingChatModel("{\"name\":\"Ada\"}");
		GrokChatModel structured = GrokChatModel.builder("recording", answering)
			.options(this.model.getOptions())
			.build();
		Person person = ChatClient.create(structured)
			.prompt("who?")
			.options(ChatOptions.builder().temperature(0.0))
			.call()
			.entity(Person.class, (spec) -> spec.useProviderStructuredOutput());
		assertThat(person).isEqualTo(new Person("Ada"));
		assertThat(answering.options().getOutputSchema()).contains("\"name\"");
		assertThat(answering.options().getTemperature()).isZero();
		assertThat(answering.options().getReasoningEffort()).isEqualTo("low");
		assertThat(answering.prompts()).singleElement()
			.satisfies((prompt) -> assertThat(prompt.getContents()).isEqualTo("who?"));
	}

	@Test
	void messagesArePassedOn() {
		UserMessage message = new UserMessage("hello");
		this.model.call(new Prompt(message, ChatOptions.builder().topP(0.5).build()));
		assertThat(this.transport.prompts().get(0).getInstructions()).containsExactly(message);
	}

	@Test
	void streamDoesNothingBeforeSubscription() {
		Flux<ChatResponse> stream = this.model.stream(new Prompt("hello"));
		assertThat(this.transport.prompts()).isEmpty();
		stream.blockLast(Duration.ofSeconds(10));
		stream.blockLast(Duration.ofSeconds(10));
		assertThat(this.transport.prompts()).hasSize(2);
	}

	@Test
	void decoratorsAreSortedByPosition() {
		List<String> passed = new ArrayList<>();
		GrokChatModel chain = GrokChatModel.builder("recording", this.transport)
			.name("fast")
			.options(this.model.getOptions())
			.decorators(List.of(new Tracing(Position.SCRUBBING, "scrub", passed),
					new Tracing(Position.RETRY, "retry", passed), new Tracing(Position.REDACTION, "first", passed),
					new Tracing(Position.REDACTION, "second", passed)))
			.build();
		assertThat(chain.stages()).containsExactly("first", "second", "retry", "scrub", "recording");
		assertThat(chain).hasToString("GrokChatModel[fast: first -> second -> retry -> scrub -> recording]");
		chain.call("hello");
		assertThat(passed).containsExactly("fast first", "fast second", "fast retry", "fast scrub");
		assertThat(chain.as(RecordingChatModel.class)).isSameAs(this.transport);
		assertThat(chain.as(GrokChatModel.class)).isSameAs(chain);
		assertThat(chain.as(String.class)).isNull();
	}

	@Test
	void decoratorThatReturnsDelegateIsNoStage() {
		GrokChatModel chain = GrokChatModel.builder("recording", this.transport)
			.options(this.model.getOptions())
			.decorators(List.of(new Idle()))
			.build();
		assertThat(chain.stages()).containsExactly("recording");
	}

	@Test
	void decoratorsWithSameNameAreSeparateStages() {
		GrokChatModel chain = GrokChatModel.builder("recording", this.transport)
			.options(this.model.getOptions())
			.decorators(List.of(new Tracing(Position.RETRY, "mine", new ArrayList<>()),
					new Tracing(Position.RETRY, "mine", new ArrayList<>())))
			.build();
		assertThat(chain.stages()).containsExactly("mine", "mine-2", "recording");
	}

	@Test
	void modelIsRequired() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> GrokChatModel.builder("recording", this.transport).build())
			.withMessageContaining("model");
	}

	@Test
	void checkedExceptionIsCauseOfGrokException() {
		IOException thrown = new IOException("checked");
		GrokChatModel model = GrokChatModel.builder("recording", new ForwardingChatModel(this.transport) {

			@Override
			public ChatResponse call(Prompt prompt) {
				throw sneaky(thrown);
			}

			@Override
			public Flux<ChatResponse> stream(Prompt prompt) {
				throw sneaky(thrown);
			}

		}).options(GrokChatOptions.builder().model("grok-4.3").build()).build();
		assertThatExceptionOfType(GrokException.class).isThrownBy(() -> model.call(new Prompt("hello")))
			.withCause(thrown)
			.withMessageContaining("java.io.IOException");
		assertThatExceptionOfType(GrokException.class)
			.isThrownBy(() -> model.stream(new Prompt("hello")).blockLast(Duration.ofSeconds(10)))
			.withCause(thrown);
	}

	@Test
	void interruptStatusIsRestored() {
		GrokChatModel model = GrokChatModel.builder("recording", new ForwardingChatModel(this.transport) {

			@Override
			public ChatResponse call(Prompt prompt) {
				throw sneaky(new InterruptedException());
			}

		}).options(GrokChatOptions.builder().model("grok-4.3").build()).build();
		assertThatExceptionOfType(GrokException.class).isThrownBy(() -> model.call(new Prompt("hello")));
		assertThat(Thread.interrupted()).isTrue();
	}

	@Test
	void callAfterFailedObserverIsObserved() {
		List<String> observed = new ArrayList<>();
		AtomicBoolean faulty = new AtomicBoolean(true);
		GrokChatModel model = GrokChatModel.builder("recording", this.transport)
			.options(GrokChatOptions.builder().model("grok-4.3").build())
			.observer((call, client, name) -> {
				if (faulty.getAndSet(false)) {
					throw new IllegalStateException("faulty");
				}
				observed.add(name);
				return null;
			})
			.build();
		assertThatIllegalStateException().isThrownBy(() -> model.call(new Prompt("hello")));
		model.call(new Prompt("hello"));
		assertThat(observed).containsExactly("grok-4.3");
	}

	@SuppressWarnings("unchecked")
	private static <T extends Throwable> RuntimeException sneaky(Throwable thrown) throws T {
		throw (T) thrown;
	}

	private GrokChatModel model(String name, GrokChatOptions options) {
		return GrokChatModel.builder("recording", this.transport).name(name).options(options).build();
	}

	private static ToolCallback tool() {
		return FunctionToolCallback.builder("time", () -> "noon")
			.description("tells the time")
			.inputType(Void.class)
			.build();
	}

	private record Person(String name) {

	}

	private record Tracing(Position position, String name, List<String> passed) implements ChatModelDecorator {

		@Override
		public ChatModel decorate(String client, ChatModel delegate) {
			return new ForwardingChatModel(delegate) {

				@Override
				public ChatResponse call(Prompt prompt) {
					Tracing.this.passed.add(client + " " + Tracing.this.name);
					return super.call(prompt);
				}

			};
		}

	}

	private record Idle() implements ChatModelDecorator {

		@Override
		public Position position() {
			return Position.CACHE;
		}

		@Override
		public ChatModel decorate(String client, ChatModel delegate) {
			return delegate;
		}

	}

}
