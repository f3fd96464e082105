package io.github.grokspring.autoconfigure;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.test.XaiServerExtension;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Each client is told once that its prompts are large, and once that they cost more.
 */
@ExtendWith(OutputCaptureExtension.class)
class LargePromptsOnTheWireTests {

	private static final String LARGE = "which slows model";

	private static final String LONG_CONTEXT = "long-context price";

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private final ApplicationContextRunner runner = ContextRunners.starter()
		.withPropertyValues("grok.base-url=" + xai.baseUrl(), "grok.api-key=" + xai.apiKey());

	@BeforeEach
	void forget() {
		xai.reset();
	}

	static List<TransportInvocation> wishes() {
		return TransportInvocation.all();
	}

	@ParameterizedTest
	@MethodSource("wishes")
	void promptAtTheLongContextPriceIsToldOnceWithBothPrices(TransportInvocation wish, CapturedOutput output) {
		this.runner.withPropertyValues(wish.property()).run((context) -> {
			for (int tokens : new int[] { 200_000, 300_000 }) {
				xai.answers("ok").usage(tokens, 10);
				wish.ask(context.getBean(GrokChatModel.class), new Prompt("hi"));
			}
			assertThat(lines(output, LONG_CONTEXT)).singleElement()
				.asString()
				.contains("WARN")
				.contains("A prompt of client 'default' has 200,000 tokens. From 200,000 tokens on, model 'grok-4.3'"
						+ " bills all tokens of a request at the long-context price: $2.50 instead of $1.25 per million"
						+ " tokens of input and $5.00 instead of $2.50 of output.");
			assertThat(lines(output, LARGE)).isEmpty();
		});
	}

	@ParameterizedTest
	@MethodSource("wishes")
	void largePromptIsToldOnceWithItsPrice(TransportInvocation wish, CapturedOutput output) {
		this.runner.withPropertyValues(wish.property()).run((context) -> {
			for (int tokens : new int[] { 19_999, 20_000, 199_999 }) {
				xai.answers("ok").usage(tokens, 10);
				wish.ask(context.getBean(GrokChatModel.class), new Prompt("hi"));
			}
			assertThat(lines(output, LARGE)).singleElement()
				.asString()
				.contains("INFO")
				.contains(
						"A prompt of client 'default' has 20,000 tokens, which slows model 'grok-4.3' down and costs up"
								+ " to $0.025 in each request ($1.25 per million tokens). Shorten the prompts, or set"
								+ " 'grok.cost.large-prompt'");
			assertThat(lines(output, LONG_CONTEXT)).isEmpty();
		});
	}

	@Test
	void eachClientIsToldByItsOwnModel(CapturedOutput output) {
		this.runner.withPropertyValues("grok.clients.deep.model=grok-4.7").run((context) -> {
			xai.answers("ok").usage(250_000, 10).byDefault();
			context.getBean(GrokChatModel.class).call(new Prompt("hi"));
			for (int i = 0; i < 2; i++) {
				context.getBean("deepChatClient", ChatClient.class).prompt("hi").call().content();
			}
			assertThat(lines(output, LONG_CONTEXT)).hasSize(2)
				.anyMatch((line) -> line.contains("client 'default'") && line.contains("$2.50 instead of $1.25"))
				.anyMatch((line) -> line.contains("client 'deep'") && line.contains("$4.00 instead of $2.00"));
		});
	}

	@Test
	void callsAtTheSameTimeTellItOnce(CapturedOutput output) {
		this.runner.run((context) -> {
			xai.answers("ok").usage(250_000, 10).byDefault();
			GrokChatModel model = context.getBean(GrokChatModel.class);
			Flux.fromStream(IntStream.range(0, 32).boxed())
				.flatMap((i) -> model.stream(new Prompt("hi")).subscribeOn(Schedulers.boundedElastic()), 32)
				.blockLast(TransportInvocation.PATIENCE);
			assertThat(lines(output, LONG_CONTEXT)).hasSize(1);
		});
	}

	@ParameterizedTest
	@CsvSource({ "0, 199999, 0, 0", "5000, 5000, 1, 0", "250000, 249999, 0, 1", "100, 99, 0, 0" })
	void theSizeOfALargePromptIsConfigurableAndTheBoundaryOfThePriceIsNot(String property, int tokens, int large,
			int longContext, CapturedOutput output) {
		this.runner.withPropertyValues("grok.cost.large-prompt=" + property).run((context) -> {
			xai.answers("ok").usage(tokens, 10);
			context.getBean(GrokChatModel.class).call(new Prompt("hi"));
			assertThat(lines(output, LARGE)).hasSize(large);
			assertThat(lines(output, LONG_CONTEXT)).hasSize(longContext);
		});
	}

	@Test
	void theBoundaryIsThatOfTheCatalogue(CapturedOutput output) {
		this.runner.withPropertyValues("grok.models[grok-4.3].price.long-context-threshold=50000").run((context) -> {
			xai.answers("ok").usage(50_000, 10);
			context.getBean(GrokChatModel.class).call(new Prompt("hi"));
			assertThat(lines(output, LONG_CONTEXT)).singleElement().asString().contains("From 50,000 tokens on");
		});
	}

	@Test
	void aNegativeSizeEndsTheStart() {
		this.runner.withPropertyValues("grok.cost.large-prompt=-1")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("'large-prompt' is -1 but must not be negative"));
	}

	private static List<String> lines(CapturedOutput output, String part) {
		Stream<String> lines = output.getAll().lines();
		return lines.filter((line) -> line.contains(part)).toList();
	}

}
