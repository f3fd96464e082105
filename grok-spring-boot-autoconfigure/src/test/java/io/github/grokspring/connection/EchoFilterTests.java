package io.github.grokspring.connection;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.SystemMessage;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.Prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests for {@link EchoFilter}.
 */
class EchoFilterTests {

	private static final String SECRET = "Müller's \"account\"\n is 4711-0815, tell nobody";

	@Test
	void allTextsOfRequestAreRemoved() {
		List<Message> messages = List.of(new SystemMessage("obey the hidden rules"),
				new UserMessage("where is the treasure"),
				AssistantMessage.builder()
					.content("below the old oak tree")
					.toolCalls(List
						.of(new AssistantMessage.ToolCall("1", "function", "dig", "{\"place\":\"garden of Anna\"}")))
					.properties(Map.of("reasoning", "she must not find out"))
					.build(),
				ToolResponseMessage.builder()
					.responses(List.of(new ToolResponseMessage.ToolResponse("1", "dig", "found three gold coins")))
					.build());
		EchoFilter sent = EchoFilter.of(new Prompt(messages, options()));
		assertThat(sent.removeFrom("Bad: obey the hidden rules | where is the treasure | below the old oak tree"
				+ " | garden of Anna | she must not find out | found three gold coins."))
			.isEqualTo("Bad: […] | […] | […] | […] | […] | […].");
	}

	@ParameterizedTest
	@ValueSource(strings = { "Müller's \"account\"\n is 4711-0815, tell nobody",
			"Müller's \\\"account\\\"\\n is 4711-0815, tell nobody",
			"M\\u00fcller's \\\\\\\"account\\\\\\\"\\\\n is 4711-0815, tell nobody",
			"M\u00dcLLER&#39;S &quot;ACCOUNT&quot;   IS 4711-0815, TELL NOBODY" })
	void escapedEchoesAreRemoved(String echo) {
		assertThat(sent(SECRET).removeFrom("No: '" + echo + "' is refused")).isEqualTo("No: '[…]' is refused");
	}

	@Test
	void longPartsAreRemovedAndShortOnesKept() {
		EchoFilter sent = sent(SECRET);
		assertThat(sent.removeFrom("at 'is 4711-0815, te...'")).isEqualTo("at '[…]...'");
		assertThat(sent.removeFrom("at 'tell nobo'")).isEqualTo("at 'tell nobo'");
	}

	@Test
	void shortTextIsRemovedAsWord() {
		assertThat(sent("hunter2").removeFrom("Unexpected hunter2 near hunter22"))
			.isEqualTo("Unexpected […] near hunter22");
		assertThat(sent("4711").removeFrom("limit 4711 reached")).isEqualTo("limit 4711 reached");
	}

	@ParameterizedTest
	@ValueSource(strings = { "grok-4-fast-non-reasoning", "my-own-model-id", "presence_penalty", "presencePenalty",
			"reasoning_effort", "my_own_parameter" })
	void parametersAndModelsAreKept(String name) {
		EchoFilter sent = EchoFilter.of(new Prompt("why does it fail with " + name + " for everyone",
				GrokChatOptions.builder().model("my-own-model-id").extraBody(Map.of("my_own_parameter", 1)).build()));
		assertThat(sent.removeFrom("fail with " + name)).endsWith(name);
		assertThat(sent.removeFrom("it fail with " + name + " for everyone")).isEqualTo("[…]" + name + "[…]");
	}

	@ParameterizedTest
	@CsvSource({ "400, some-code", "400, my-very-secret-code", "503, x", "200, invalid_argument" })
	void exceptionContainsNoEcho(int status, String code) {
		EchoFilter sent = sent("the code is my-very-secret-code, " + SECRET);
		String body = "{\"error\":{\"message\":\"unsupported parameter: 'the_parameter' in {\\\"c\\\": \\\"Müller's "
				+ "\\\\\\\"account\\\\\\\"\\\\n is 4711\\\"}\",\"code\":\"" + code + "\"}}";
		GrokApiException error = ErrorTranslator.fromResponse(status, "application/json", body, ResponseHeaders.NONE,
				"grok-4", "/responses", sent);
		assertThat(error).hasMessageContaining("[…]")
			.hasMessageNotContaining("account")
			.hasMessageNotContaining("secret-code");
		assertThat(String.valueOf(error.code())).doesNotContain("secret-code");
		byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
		assertThat(ErrorTranslator.fromEvent(bytes, 0, bytes.length, ResponseHeaders.NONE, "grok-4", sent))
			.hasMessageContaining("[…]")
			.hasMessageNotContaining("account");
	}

	@Test
	void parameterFromPromptIsIgnored() {
		String body = "{\"code\":\"x\",\"error\":\"echo: unknown parameter: marker_of_the_user\"}";
		GrokApiException error = ErrorTranslator.fromResponse(400, "application/json", body, ResponseHeaders.NONE,
				"grok-4", "/responses", sent("unknown parameter: marker_of_the_user"));
		assertThat(error.kind()).isEqualTo(ErrorKind.UNSUPPORTED_PARAMETER);
		assertThat(error.parameter()).isNull();
		assertThat(error).hasMessageNotContaining("marker");
	}

	@Test
	void knownCodesAreKept() {
		String body = "{\"code\":\"Client specified an invalid argument\",\"error\":\"no\"}";
		GrokApiException error = ErrorTranslator.fromResponse(400, "application/json", body, ResponseHeaders.NONE,
				"grok-4", "/responses", sent("what is 'Client specified an invalid argument'?"));
		assertThat(error.code()).isEqualTo("Client specified an invalid argument");
	}

	@Test
	void keyIsRemovedEvenIfPromptContainsPartOfIt() {
		String body = "{\"code\":\"x\",\"error\":\"bad key xai-abcdefghijklmnopqrstuvwxyz\"}";
		assertThat(ErrorTranslator.fromResponse(400, "application/json", body, ResponseHeaders.NONE, "grok-4",
				"/responses", sent("my key begins with xai-abcdefghi")))
			.hasMessageNotContaining("klmnop");
	}

	@Test
	void encodedImagesAreRemoved() {
		String body = "{\"code\":\"x\",\"error\":\"cannot read data:image/png;base64,iVBORw0KGgoAAAANSUhEUg==!\"}";
		assertThat(ErrorTranslator.fromResponse(400, "application/json", body, ResponseHeaders.NONE, "grok-4",
				"/responses", EchoFilter.NONE))
			.hasMessageContaining("data:image/png;base64,…!");
	}

	@Test
	void partialResponseIsRemoved() {
		EchoFilter sent = sent("hello").withResponse(() -> EchoFilter
			.textsOf(new ChatResponse(List.of(new Generation(new AssistantMessage("the treasure is below the oak"))))));
		assertThat(sent.removeFrom("failed after 'treasure is below'")).isEqualTo("failed after '[…]'");
	}

	@Test
	void textsAreNotInspectedWithoutMessage() {
		EchoFilter sent = EchoFilter.NONE.withResponse(() -> {
			throw new IllegalStateException("too early");
		});
		assertThatNoException().isThrownBy(
				() -> ErrorTranslator.fromResponse(502, null, "", ResponseHeaders.NONE, "grok-4", "/responses", sent));
	}

	@Test
	@Timeout(10)
	void longPromptsAreFast() {
		EchoFilter sent = sent("a".repeat(1_000_000) + "&".repeat(1_000_000) + "\\".repeat(1_000_000));
		assertThat(sent.removeFrom("a".repeat(2_000) + "&".repeat(2_000))).isEqualTo("[…]");
	}

	private static EchoFilter sent(String text) {
		return EchoFilter.of(new Prompt(text, options()));
	}

	private static GrokChatOptions options() {
		return GrokChatOptions.builder().model("grok-4").build();
	}

}
