package io.github.grokspring.autoconfigure;

import java.time.Duration;
import java.util.List;

import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.test.XaiServerExtension;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * One line for each call.
 */
@ExtendWith(OutputCaptureExtension.class)
class CallLogOnTheWireTests {

	private static final String LOGGER = "io.github.grokspring.calls";

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private final ApplicationContextRunner runner = ContextRunners.starter()
		.withPropertyValues("grok.base-url=" + xai.baseUrl(), "grok.api-key=" + xai.apiKey(),
				"grok.retry.initial-interval=1ms");

	private final LoggingSystem logging = LoggingSystem.get(CallLogOnTheWireTests.class.getClassLoader());

	@BeforeEach
	void forget() {
		xai.reset();
	}

	@AfterEach
	void resetLevel() {
		this.logging.setLogLevel(LOGGER, null);
	}

	static List<TransportInvocation> ways() {
		return TransportInvocation.all();
	}

	@ParameterizedTest
	@MethodSource("ways")
	void callIsLoggedInOneLine(TransportInvocation way, CapturedOutput output) {
		this.logging.setLogLevel(LOGGER, LogLevel.DEBUG);
		this.runner.withPropertyValues(way.property()).run((context) -> {
			GrokChatModel model = context.getBean(GrokChatModel.class);
			xai.failsWith(503);
			xai.answers("secret response").usage(200, 10);
			way.ask(model, new Prompt("secret prompt"));
			assertThat(lines(output)).singleElement()
				.asString()
				.containsPattern("call=[0-9a-f]{16}-[0-9a-f]+ client=default")
				.contains("client=default model=grok-4.3 outcome=success attempts=2 duration=")
				.contains("response_model=grok-4.3", "input=200", "output=10", "cost_usd=0.000")
				.doesNotContain("secret", xai.apiKey());
			xai.failsWith(400);
			way.failure(model, new Prompt("hi"));
			assertThat(lines(output)).last().asString().contains("outcome=invalid_request attempts=1 ");
			catchThrowable(() -> way.ask(model,
					new Prompt("hi", GrokChatOptions.builder().model("grok-4.5").temperature(7.0).build())));
			assertThat(lines(output)).hasSize(3)
				.last()
				.asString()
				.contains("model=grok-4.5 outcome=invalid_request duration=");
			xai.answersInChunks(10).stallsAfter(2, Duration.ofMinutes(5));
			if (way.stream()) {
				model.stream(new Prompt("hi")).blockFirst(TransportInvocation.PATIENCE);
				assertThat(lines(output)).hasSize(4).last().asString().contains("outcome=cancelled");
			}
		});
	}

	@ParameterizedTest
	@MethodSource("ways")
	void levelIsAProperty(TransportInvocation way, CapturedOutput output) {
		this.logging.setLogLevel(LOGGER, LogLevel.INFO);
		this.runner.withPropertyValues(way.property())
			.run((context) -> way.ask(context.getBean(GrokChatModel.class), new Prompt("hi")));
		assertThat(lines(output)).isEmpty();
		this.runner.withPropertyValues(way.property(), "grok.log.calls=info")
			.run((context) -> way.ask(context.getBean(GrokChatModel.class), new Prompt("hi")));
		assertThat(lines(output)).singleElement().asString().contains(" INFO ");
		this.logging.setLogLevel(LOGGER, LogLevel.TRACE);
		this.runner.withPropertyValues(way.property(), "grok.log.calls=off")
			.run((context) -> way.ask(context.getBean(GrokChatModel.class), new Prompt("hi")));
		assertThat(lines(output)).hasSize(1);
	}

	private static List<String> lines(CapturedOutput output) {
		return output.getAll().lines().filter((line) -> line.contains("client=default model=")).toList();
	}

}
