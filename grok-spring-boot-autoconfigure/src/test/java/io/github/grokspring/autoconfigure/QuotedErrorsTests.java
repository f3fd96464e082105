package io.github.grokspring.autoconfigure;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.grokspring.error.GrokException;
import io.github.grokspring.test.XaiServerExtension;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.ai.chat.client.ChatClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * What xAI repeats of a conversation in an error, in the middle of an answer too, is not
 * found in the failure, whichever way the call takes.
 */
class QuotedErrorsTests {

	private static final String SAID = "the treasure is below the oak";

	private static final String ASKED = "where did the captain hide it";

	private static final String ECHO = "Cannot go on after: " + SAID + " (asked " + ASKED + ")";

	private static final String ERROR = "{\"error\":{\"message\":\"" + ECHO + "\",\"code\":\"internal\"}}";

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	@BeforeEach
	void forgetEarlierTests() {
		xai.reset();
	}

	@ParameterizedTest
	@ValueSource(strings = { "grok.chat.api=chat-completions", "grok.chat.transport=spring-ai" })
	void chatCompletions(String way) {
		String event = "data: {\"id\":\"1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"grok-4.3\","
				+ "\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"%s\"}}]}%n%n";
		check(way, event.formatted("the treasure is ") + event.formatted("below the oak") + "data: " + ERROR + "\n\n");
	}

	@ParameterizedTest
	@ValueSource(strings = "grok.chat.api=responses")
	void responses(String way) {
		String event = "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\","
				+ "\"item_id\":\"m\",\"output_index\":0,\"content_index\":0,\"delta\":\"%s\"}%n%n";
		check(way,
				"event: response.output_item.added\ndata: {\"type\":\"response.output_item.added\",\"output_index\":0,"
						+ "\"item\":{\"type\":\"message\",\"id\":\"m\",\"role\":\"assistant\",\"content\":[]}}\n\n"
						+ event.formatted("the treasure is ") + event.formatted("below the oak")
						+ "event: error\ndata: {\"type\":\"error\",\"code\":\"internal\",\"message\":\"" + ECHO
						+ "\"}\n\n");
	}

	private static void check(String way, String stream) {
		ContextRunners.starter()
			.withPropertyValues("grok.api-key=" + xai.apiKey(), "grok.base-url=" + xai.baseUrl(),
					"grok.retry.enabled=false", way)
			.run((context) -> {
				ChatClient client = context.getBean(ChatClient.class);
				xai.streamsRaw(stream);
				List<String> pieces = new ArrayList<>();
				Throwable broken = catchThrowable(() -> client.prompt(ASKED)
					.stream()
					.content()
					.doOnNext(pieces::add)
					.blockLast(Duration.ofSeconds(10)));
				assertThat(String.join("", pieces)).isEqualTo(SAID);
				assertQuoted(broken);
				xai.answersRaw(400, "application/json", ERROR.replace(SAID, ""));
				assertQuoted(catchThrowable(() -> client.prompt(ASKED).call().content()));
				xai.answersRaw(200, "application/json", ERROR.replace(SAID, ""));
				assertQuoted(catchThrowable(() -> client.prompt(ASKED).call().content()));
			});
	}

	private static void assertQuoted(Throwable failure) {
		assertThat(failure).isInstanceOf(GrokException.class).hasMessageContaining("Cannot go on after: ");
		StringWriter text = new StringWriter();
		failure.printStackTrace(new PrintWriter(text, true));
		assertThat(text.toString()).doesNotContain("treasure", "captain");
	}

}
