package io.github.grokspring.autoconfigure;

import java.time.Duration;
import java.util.Collections;

import io.github.grokspring.budget.BudgetStatus;
import io.github.grokspring.budget.Budgets;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.test.Answer;
import io.github.grokspring.test.XaiServerExtension;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What becomes of a model that repeats itself without end.
 */
class RunawayGuardOnTheWireTests {

	private static final String UNIT = "Calling the tool now. <|tool_call_end|>\n";

	private static final int ENOUGH = 20_000 / UNIT.length() + 1;

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private final ApplicationContextRunner runner = ContextRunners.starter()
		.withBean(MeterRegistry.class, SimpleMeterRegistry::new)
		.withPropertyValues("grok.base-url=" + xai.baseUrl(), "grok.api-key=" + xai.apiKey(),
				"grok.budgets.daily.limit=5", "grok.fallback.models=grok-4.20-0309-non-reasoning");

	@BeforeEach
	void forget() {
		xai.reset();
	}

	@ParameterizedTest
	@CsvSource({ "native, chat-completions", "native, responses", "spring-ai, chat-completions" })
	void streamIsCancelledAtOnceAndPaidForAsFarAsItCame(String transport, String api) {
		this.runner.withPropertyValues("grok.chat.transport=" + transport, "grok.chat.api=" + api).run((context) -> {
			repeating(ENOUGH + 100).stallsAfter(ENOUGH + 10, Duration.ofMinutes(5));
			GrokApiException failure = new TransportInvocation(transport, true)
				.failure(context.getBean(GrokChatModel.class), new Prompt("hi"));
			assertThat(failure.kind()).isEqualTo(ErrorKind.RUNAWAY_OUTPUT);
			xai.awaitClientDisconnect(Duration.ofSeconds(20));
			assertThat(xai.requestCount()).isEqualTo(1);
			assertThat(stopped(context.getBean(MeterRegistry.class))).isEqualTo(1);
			BudgetStatus status = context.getBean(Budgets.class).status().get(0);
			// Some 5,000 tokens of output at the price of grok-4.3
			assertThat(status.usedTicks()).isGreaterThan(4500 * 25_000L);
			assertThat(status.reservedTicks()).isZero();
		});
	}

	@ParameterizedTest
	@CsvSource({ "native, chat-completions", "native, responses", "spring-ai, chat-completions" })
	void wholeResponseIsReturnedWithAnExplanation(String transport, String api) {
		this.runner.withPropertyValues("grok.chat.transport=" + transport, "grok.chat.api=" + api).run((context) -> {
			repeating(ENOUGH);
			ChatResponse response = new TransportInvocation(transport, false).ask(context.getBean(GrokChatModel.class),
					new Prompt("hi"));
			assertThat(response.getResult().getOutput().getText()).isEqualTo(UNIT.repeat(ENOUGH));
			assertThat(response.getMetadata().<String>get("grok.explanation"))
				.contains("The text contains the same 40");
			assertThat(stopped(context.getBean(MeterRegistry.class))).isEqualTo(1);
		});
	}

	@ParameterizedTest
	@CsvSource({ "native, chat-completions", "native, responses" })
	void reasoningIsWatchedToo(String transport, String api) {
		this.runner.withPropertyValues("grok.chat.api=" + api, "grok.chat.model=grok-4.7").run((context) -> {
			xai.answers("never").reasoning(UNIT.repeat(ENOUGH));
			GrokApiException failure = new TransportInvocation(transport, true)
				.failure(context.getBean(GrokChatModel.class), new Prompt("hi"));
			assertThat(failure.kind()).isEqualTo(ErrorKind.RUNAWAY_OUTPUT);
			assertThat(failure).hasMessageContaining("The reasoning contains the same 40");
			xai.answers("text").reasoning(UNIT.repeat(ENOUGH));
			ChatResponse response = new TransportInvocation(transport, false).ask(context.getBean(GrokChatModel.class),
					new Prompt("hi"));
			assertThat(response.getResult().getOutput().getText()).isEqualTo("text");
			assertThat(response.getMetadata().<String>get("grok.explanation")).contains("The reasoning contains");
		});
	}

	@Test
	void guardIsSwitchedOffForARequestOrForAll() {
		this.runner.run((context) -> {
			repeating(2 * ENOUGH);
			Prompt unguarded = new Prompt("hi", GrokChatOptions.builder().runawayGuard(false).build());
			assertThat(new TransportInvocation("native", true).text(context.getBean(GrokChatModel.class), unguarded))
				.isEqualTo(UNIT.repeat(2 * ENOUGH));
		});
		this.runner.withPropertyValues("grok.runaway-guard.enabled=false").run((context) -> {
			repeating(2 * ENOUGH);
			assertThat(new TransportInvocation("native", true).text(context.getBean(GrokChatModel.class),
					new Prompt("hi")))
				.isEqualTo(UNIT.repeat(2 * ENOUGH));
		});
	}

	@Test
	void propertiesDecideWhatIsTooMuch() {
		this.runner
			.withPropertyValues("grok.runaway-guard.min-repetitions=10", "grok.runaway-guard.min-characters=400",
					"grok.runaway-guard.max-unit=40")
			.run((context) -> {
				GrokChatModel model = context.getBean(GrokChatModel.class);
				repeating(9);
				assertThat(model.stream(new Prompt("hi")).count().block(TransportInvocation.PATIENCE)).isPositive();
				repeating(10);
				assertThat(new TransportInvocation("native", true).failure(model, new Prompt("hi")).kind())
					.isEqualTo(ErrorKind.RUNAWAY_OUTPUT);
			});
	}

	@ParameterizedTest
	@CsvSource({ "min-repetitions, 1, at least 2", "min-characters, 0, at least 1", "max-unit, 0, between 1 and 100000",
			"max-unit, 100001, between 1 and 100000" })
	void numberOutOfRangeEndsTheStart(String name, int value, String range) {
		this.runner.withPropertyValues("grok.runaway-guard." + name + "=" + value)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("'" + name + "' is " + value + " but must be " + range));
	}

	private static Answer repeating(int times) {
		return xai.answers("").inChunks(Collections.nCopies(times, UNIT).toArray(String[]::new));
	}

	private static double stopped(MeterRegistry registry) {
		return registry.get("grok.client.output.stopped")
			.tags("client", "default", "model", "grok-4.3", "reason", "runaway")
			.counter()
			.count();
	}

}
