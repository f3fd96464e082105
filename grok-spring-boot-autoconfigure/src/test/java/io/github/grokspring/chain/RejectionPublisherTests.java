package io.github.grokspring.chain;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.github.grokspring.error.BudgetStoreException;
import io.github.grokspring.error.CircuitOpenException;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.error.RedactionException;
import io.github.grokspring.event.CallRejected;
import io.github.grokspring.event.GrokEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;

import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for {@link RejectionPublisher}.
 */
class RejectionPublisherTests {

	private final List<GrokEvent> events = new ArrayList<>();

	static Stream<Arguments> rejections() {
		return Stream.of(
				Arguments.of(new CircuitOpenException("default:grok-4.3", Instant.EPOCH, "open"), "circuit_open"),
				Arguments.of(new BudgetStoreException("lost", null), "budget_store"),
				Arguments.of(new RedactionException(Map.of(), "no"), "redaction"));
	}

	@ParameterizedTest
	@MethodSource("rejections")
	void rejectionIsPublishedOnce(RuntimeException rejection, String reason) {
		GrokChatModel model = model(rejection);
		assertThat(catchThrowable(() -> model.call(new Prompt("Hello")))).isSameAs(rejection);
		assertThat(catchThrowable(() -> model.stream(new Prompt("Hello")).blockLast())).isSameAs(rejection);
		CallRejected events = new CallRejected("fast", "grok-4.3", reason);
		assertThat(this.events).containsExactly(events, events);
	}

	@Test
	void rejectionByXaiIsNotPublished() {
		GrokChatModel model = model(GrokApiException.builder(ErrorKind.TIMEOUT, "late").build());
		assertThat(catchThrowable(() -> model.call(new Prompt("Hello")))).isInstanceOf(GrokApiException.class);
		assertThat(catchThrowable(() -> model(new IllegalStateException("no")).call(new Prompt("Hello"))))
			.isInstanceOf(IllegalStateException.class);
		assertThat(this.events).isEmpty();
	}

	private GrokChatModel model(RuntimeException failure) {
		return GrokChatModel.builder("test", new Failing(failure))
			.name("fast")
			.options(GrokChatOptions.builder().model("grok-4.3").build())
			.listener(this.events::add)
			.build();
	}

	private record Failing(RuntimeException failure) implements ChatModel {

		@Override
		public ChatResponse call(Prompt prompt) {
			throw this.failure;
		}

		@Override
		public Flux<ChatResponse> stream(Prompt prompt) {
			return Flux.error(this.failure);
		}

		@Override
		public ChatOptions getOptions() {
			return ChatOptions.builder().build();
		}

	}

}
