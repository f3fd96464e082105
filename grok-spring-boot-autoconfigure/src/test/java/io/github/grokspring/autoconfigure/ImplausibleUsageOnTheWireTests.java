package io.github.grokspring.autoconfigure;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import io.github.grokspring.budget.BudgetStatus;
import io.github.grokspring.budget.Budgets;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.cost.TokenUsage;
import io.github.grokspring.event.GrokEventListener;
import io.github.grokspring.event.ImplausibleUsageReported;
import io.github.grokspring.test.XaiServerExtension;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a budget counts when xAI reports what cannot be true.
 */
@ExtendWith(OutputCaptureExtension.class)
class ImplausibleUsageOnTheWireTests {

	/** Of "hi" and "Hello there.": some tokens at the price of grok-4.3. */
	private static final long MOST_OF_ESTIMATE = 1_000_000;

	/** The native transport on the other endpoint. */
	private static final String RESPONSES = "responses";

	private static final long IMPOSSIBLE = 3_000_000_000L;

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private final List<ImplausibleUsageReported> events = new CopyOnWriteArrayList<>();

	private final ApplicationContextRunner runner = ContextRunners.starter()
		.withBean(GrokEventListener.class, () -> (event) -> {
			if (event instanceof ImplausibleUsageReported implausible) {
				this.events.add(implausible);
			}
		})
		.withPropertyValues("grok.base-url=" + xai.baseUrl(), "grok.api-key=" + xai.apiKey(),
				"grok.budgets.always.limit=10", "grok.budgets.always.window=total", "grok.chat.max-tokens=50");

	@BeforeEach
	void forget() {
		xai.reset();
	}

	static List<TransportInvocation> wishes() {
		return Stream
			.concat(TransportInvocation.all().stream(),
					Stream.of(new TransportInvocation(RESPONSES, false), new TransportInvocation(RESPONSES, true)))
			.toList();
	}

	@ParameterizedTest
	@MethodSource("wishes")
	void reportedCostCountsWhereTheTokensCannotBeTrue(TransportInvocation wish, CapturedOutput output) {
		long impossible = wish.transport().equals("spring-ai") ? Integer.MAX_VALUE : IMPOSSIBLE;
		run(wish, (context) -> {
			for (int i = 1; i <= 2; i++) {
				ChatResponse response = ask(context, wish, IMPOSSIBLE, 5, 250_000L);
				assertThat(status(context).usedTicks()).isEqualTo(i * 250_000L);
				TokenUsage tokens = response.getMetadata().get("grok.tokens");
				assertThat(tokens.estimated()).isTrue();
				assertThat(tokens.total()).isBetween(1L, 1000L);
				assertThat(response.getMetadata().getUsage().getTotalTokens()).isBetween(1, 1000);
			}
			assertThat(status(context).exhausted()).isFalse();
			assertThat(this.events).hasSize(2)
				.allMatch((event) -> event.promptTokens() == impossible && event.ticks() == 250_000);
			assertThat(output.getOut().lines().filter((line) -> line.contains("neither read nor write"))).hasSize(1);
		});
	}

	@ParameterizedTest
	@MethodSource("wishes")
	void estimateCountsWhereTokensAndCostCannotBeTrue(TransportInvocation wish) {
		run(wish, (context) -> {
			ask(context, wish, 10, IMPOSSIBLE, 75_000_000_000_000L);
			assertThat(status(context).usedTicks()).isBetween(1L, MOST_OF_ESTIMATE);
			ask(context, wish, 4_000_000, 5, null);
			assertThat(status(context).usedTicks()).isBetween(2L, 2 * MOST_OF_ESTIMATE);
			assertThat(this.events).hasSize(2);
		});
	}

	@ParameterizedTest
	@MethodSource("wishes")
	void reportedCostCountsWhereTheTokensCostMoreThanWasReserved(TransportInvocation wish) {
		run(wish, (context) -> {
			ask(context, wish, 500_000, 5, 250_000L);
			assertThat(status(context).usedTicks()).isEqualTo(250_000);
			assertThat(this.events).hasSize(1);
		});
	}

	@ParameterizedTest
	@MethodSource("wishes")
	void tokensThatTheModelCanReadCount(TransportInvocation wish, CapturedOutput output) {
		run(wish, (context) -> {
			ChatResponse response = ask(context, wish, 150_000, 40_000, null);
			assertThat(response.getMetadata().<TokenUsage>get("grok.tokens").total()).isEqualTo(190_000);
			assertThat(status(context).usedTicks()).isEqualTo(150_000 * 12_500L + 40_000 * 25_000L);
			assertThat(this.events).isEmpty();
			assertThat(output).doesNotContain("neither read nor write");
		});
	}

	@ParameterizedTest
	@MethodSource("wishes")
	void usageSaysWhatTokensSay(TransportInvocation wish) {
		run(wish, (context) -> {
			// The total leaves out the response
			ChatResponse response = askWithTotal(context, wish, 100, 50, 100, null);
			TokenUsage tokens = response.getMetadata().get("grok.tokens");
			assertThat(tokens.billedOutput()).isEqualTo(50);
			assertThat(response.getMetadata().getUsage().getCompletionTokens()).isEqualTo(50);
			assertThat(response.getMetadata().getUsage().getPromptTokens()).isEqualTo(100);
			assertThat(response.getMetadata().getUsage().getTotalTokens()).isEqualTo(150)
				.isEqualTo((int) tokens.total());
		});
	}

	private void run(TransportInvocation wish, ContextConsumer<ApplicationContext> test) {
		String property = wish.transport().equals(RESPONSES) ? "grok.chat.api=responses" : wish.property();
		this.runner.withPropertyValues(property).run((context) -> test.accept(context));
	}

	private static ChatResponse ask(ApplicationContext context, TransportInvocation wish, long prompt, long completion,
			@Nullable Long ticks) {
		return askWithTotal(context, wish, prompt, completion, prompt + completion, ticks);
	}

	private static ChatResponse askWithTotal(ApplicationContext context, TransportInvocation wish, long prompt,
			long completion, long total, @Nullable Long ticks) {
		if (wish.transport().equals(RESPONSES)) {
			return askResponses(context, wish, prompt, completion, total, ticks);
		}
		String usage = "{\"prompt_tokens\":" + prompt + ",\"completion_tokens\":" + completion + ",\"total_tokens\":"
				+ total + ((ticks != null) ? ",\"cost_in_usd_ticks\":" + ticks : "") + "}";
		String head = "{\"id\":\"r1\",\"created\":1,\"model\":\"grok-4.3\",\"object\":\"chat.completion"
				+ (wish.stream() ? ".chunk" : "") + "\",\"choices\":[{\"index\":0,\""
				+ (wish.stream() ? "delta" : "message")
				+ "\":{\"role\":\"assistant\",\"content\":\"Hello there.\"},\"finish_reason\":\"stop\"}],\"usage\":"
				+ usage + "}";
		if (wish.stream()) {
			xai.streamsRaw("data: " + head + "\n\ndata: [DONE]\n\n");
		}
		else {
			xai.answersRaw(200, "application/json", head);
		}
		return wish.ask(context.getBean(GrokChatModel.class), new Prompt("hi"));
	}

	private static ChatResponse askResponses(ApplicationContext context, TransportInvocation wish, long prompt,
			long completion, long total, @Nullable Long ticks) {
		String response = "{\"id\":\"r1\",\"created_at\":1,\"status\":\"completed\",\"model\":\"grok-4.3\",\"output\":"
				+ "[{\"type\":\"message\",\"id\":\"m1\",\"status\":\"completed\",\"role\":\"assistant\",\"content\":"
				+ "[{\"type\":\"output_text\",\"text\":\"Hello there.\",\"annotations\":[]}]}],\"usage\":{\"input_tokens\":"
				+ prompt + ",\"output_tokens\":" + completion + ",\"total_tokens\":" + total
				+ ((ticks != null) ? ",\"cost_in_usd_ticks\":" + ticks : "") + "}}";
		if (wish.stream()) {
			xai.streamsRaw("event: response.completed\ndata: {\"type\":\"response.completed\",\"response\":" + response
					+ "}\n\n");
		}
		else {
			xai.answersRaw(200, "application/json", response);
		}
		return wish.ask(context.getBean(GrokChatModel.class), new Prompt("hi"));
	}

	private static BudgetStatus status(ApplicationContext context) {
		return context.getBean(Budgets.class).status().get(0);
	}

}
