package io.github.grokspring.autoconfigure;

import java.io.IOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.Invocation;
import io.github.grokspring.connection.RawServer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

import org.springframework.ai.chat.prompt.Prompt;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A gateway that sends informational responses before those of xAI, seen by several
 * callers of one application.
 */
class InformationalResponseTests {

	private static final Pattern QUESTION = Pattern.compile("question-\\d+");

	@ParameterizedTest
	@CsvSource({ "CALL, native", "STREAM, native", "CALL, spring-ai", "STREAM, spring-ai" })
	void everyCallerReceivesItsOwnResponseAndFindsItInTheCache(Invocation invocation, String transport)
			throws IOException {
		try (RawServer server = new RawServer(InformationalResponseTests::answer)) {
			ContextRunners.starterWithKey()
				.withPropertyValues("grok.base-url=" + server.url(), "grok.cache.enabled=true",
						"grok.chat.transport=" + transport)
				.run((context) -> {
					GrokChatModel model = context.getBean(GrokChatModel.class);
					for (int round = 0; round < 2; round++) {
						List<Boolean> own = Flux.range(0, 12)
							.flatMap((i) -> Flux.defer(() -> Flux.just(ask(model, invocation, "question-" + i)))
								.map(("question-" + i)::equals)
								.subscribeOn(Schedulers.boundedElastic()), 4)
							.collectList()
							.block();
						assertThat(own).hasSize(12).containsOnly(true);
					}
					assertThat(server.requests()).isEqualTo(12);
				});
		}
	}

	private static String ask(GrokChatModel model, Invocation invocation, String question) {
		return Invocation.text(invocation.invoke(model, new Prompt(question)));
	}

	private static void answer(RawServer.Client client) throws IOException {
		Matcher question = QUESTION.matcher(client.body);
		assertThat(question.find()).isTrue();
		client.write("HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n");
		String id = "{\"id\":\"1\",\"created\":1,\"model\":\"grok-4.3\",\"choices\":[{\"index\":0,\"finish_reason\":\"stop\",";
		String usage = "}],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2,\"total_tokens\":5}}";
		String content = "{\"role\":\"assistant\",\"content\":\"" + question.group() + "\"}";
		if (client.head.contains("text/event-stream") || client.body.contains("\"stream\":true")) {
			client.write(RawServer.STREAM_HEAD);
			client.writeEvent(id + "\"delta\":" + content + usage);
			client.writeEvent("[DONE]");
			client.write("0\r\n\r\n");
		}
		else {
			client.writeJson(200, id + "\"message\":" + content + usage);
		}
	}

}
