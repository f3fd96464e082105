package io.github.grokspring.responses;

import java.util.List;
import java.util.stream.Stream;

import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.EndpointSelector;
import io.github.grokspring.chain.GrokApi;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.tool.ServerTool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link RoutingChatModel}.
 */
class RoutingChatModelTests {

	private final RoutingChatModel router = new RoutingChatModel(new NamedChatModel("chat"),
			new NamedChatModel("responses"), ModelCatalog.bundled());

	@Test
	void chatCompletionsIsDefault() {
		assertThat(respond(options().api(GrokApi.AUTO))).containsOnly("chat");
		assertThat(respond(options().store(false).reasoningEffort("low"))).containsOnly("chat");
	}

	@ParameterizedTest
	@MethodSource("requirements")
	void responsesApiIsUsedIfRequired(String requirement, GrokChatOptions.Builder options) {
		assertThat(respond(options.clone().api(GrokApi.AUTO))).containsOnly("responses");
		assertThat(EndpointSelector.select(options.build(), ModelCatalog.bundled())).isEqualTo(GrokApi.RESPONSES);
	}

	@ParameterizedTest
	@MethodSource("requirements")
	void explicitChatCompletionsRejectsResponsesFeatures(String requirement, GrokChatOptions.Builder options) {
		Prompt prompt = new Prompt("hi", options.clone().api(GrokApi.CHAT_COMPLETIONS).build());
		for (Runnable invocation : List.<Runnable>of(() -> this.router.call(prompt),
				() -> this.router.stream(prompt).blockLast())) {
			assertThatExceptionOfType(GrokApiException.class).isThrownBy(invocation::run)
				.withMessageContaining(requirement)
				.withMessageContaining("'auto'")
				.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(ErrorKind.INVALID_REQUEST))
				.satisfies((ex) -> assertThat(ex.isRetryable()).isFalse());
		}
	}

	static Stream<Arguments> requirements() {
		return Stream.of(Arguments.of("server-side tool 'web_search'", options().serverTools(ServerTool.webSearch())),
				Arguments.of("encrypted reasoning", options().encryptedReasoning(true)),
				Arguments.of("previous response", options().previousResponseId("r-1")),
				Arguments.of("limit on turns", options().maxTurns(2)),
				Arguments.of("'file_search_call.results'", options().include("file_search_call.results")),
				Arguments.of("model 'grok-4.20-multi-agent'", options().model("grok-4.20-multi-agent")));
	}

	@Test
	void storedResponseUsesResponsesApi() {
		assertThat(respond(options().store(true))).containsOnly("responses");
		assertThat(respond(options().store(true).api(GrokApi.CHAT_COMPLETIONS))).containsOnly("chat");
	}

	@Test
	void explicitEndpointIsUsed() {
		assertThat(respond(options().api(GrokApi.RESPONSES))).containsOnly("responses");
		assertThat(respond(options().api(GrokApi.CHAT_COMPLETIONS).encryptedReasoning(false))).containsOnly("chat");
	}

	private List<String> respond(GrokChatOptions.Builder options) {
		Prompt prompt = new Prompt("hi", options.build());
		return Stream.of(this.router.call(prompt), this.router.stream(prompt).blockLast())
			.map((response) -> response.getResult().getOutput().getText())
			.toList();
	}

	private static GrokChatOptions.Builder options() {
		GrokChatOptions.Builder builder = GrokChatOptions.builder();
		builder.model("grok-4.3");
		return builder;
	}

	private record NamedChatModel(String name) implements ChatModel {

		@Override
		public ChatResponse call(Prompt prompt) {
			return new ChatResponse(List.of(new Generation(new AssistantMessage(this.name))));
		}

		@Override
		public Flux<ChatResponse> stream(Prompt prompt) {
			return Flux.just(call(prompt));
		}

		@Override
		public ChatOptions getOptions() {
			return GrokChatOptions.builder().build();
		}

	}

}
