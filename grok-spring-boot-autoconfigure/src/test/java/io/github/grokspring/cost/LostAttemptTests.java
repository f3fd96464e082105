package io.github.grokspring.cost;

import java.math.BigDecimal;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.error.GrokException;
import io.github.grokspring.event.CostRecorded;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.prompt.Prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What is booked for attempts that xAI may bill though nobody got an answer.
 */
class LostAttemptTests {

	private static final long PROMPT_TICKS = 14 * 12_500;

	private static final long SECOND = 1_000_000_000;

	private final RecordedEvents events = new RecordedEvents();

	private final AtomicLong nanos = new AtomicLong();

	@ParameterizedTest
	@EnumSource(names = { "TIMEOUT", "CONNECTION", "STREAM_BROKEN" })
	void whatWasSentAndNeverAnsweredIsEstimatedByTheTimeThatPassed(ErrorKind kind) {
		ChatModel model = failing(GrokApiException.builder(kind, "lost").build(), 30 * SECOND);
		assertThatExceptionOfType(GrokApiException.class).isThrownBy(() -> model.call(prompt()));
		StepVerifier.create(model.stream(prompt())).verifyError(GrokApiException.class);
		assertThat(this.events.costs()).hasSize(2).allSatisfy((cost) -> {
			assertThat(cost.estimated()).isTrue();
			assertThat(cost.inputTokens()).isEqualTo(14);
			assertThat(cost.outputTokens()).isEqualTo(1500);
			assertThat(cost.ticks()).isEqualTo(PROMPT_TICKS + 1500 * 25_000);
		});
		assertThat(this.events.outcomes()).containsExactly(kind.name().toLowerCase(), kind.name().toLowerCase());
	}

	@ParameterizedTest
	@EnumSource(names = { "TIMEOUT", "CONNECTION", "STREAM_BROKEN" })
	void whatWasNotSentCostsNothing(ErrorKind kind) {
		costsNothing(GrokApiException.builder(kind, "no connection").sent(false).build());
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = { "TIMEOUT", "CONNECTION", "STREAM_BROKEN" })
	void whatXaiRefusesCostsNothing(ErrorKind kind) {
		costsNothing(GrokApiException.builder(kind, "no").build());
	}

	@ParameterizedTest
	@ValueSource(ints = { 504, 524 })
	void whatAGatewayDidNotWaitForIsEstimated(int status) {
		ChatModel model = failing(GrokApiException.builder(ErrorKind.OVERLOADED, "gave up").status(status).build(),
				SECOND);
		assertThatExceptionOfType(GrokApiException.class).isThrownBy(() -> model.call(prompt()));
		assertThat(this.events.costs()).extracting(CostRecorded::outputTokens).containsExactly(50L);
	}

	@Test
	void whatXaiGaveUpItselfCostsNothing() {
		costsNothing(GrokApiException.builder(ErrorKind.TIMEOUT, "gave up").status(408).build());
	}

	@Test
	void aStreamThatBreaksOffIsEstimatedByWhatWasSeen() {
		this.nanos.set(0);
		ChatModel model = metering(Scripted.with(() -> Flux.just(Scripted.text("Hello you")).concatWith(lost())));
		StepVerifier.create(model.stream(prompt())).expectNextCount(1).verifyError(GrokApiException.class);
		assertThat(this.events.costs()).extracting(CostRecorded::outputTokens).containsExactly(3L);
	}

	@Test
	void aCallerWhoIsInterruptedWhileWaitingHasSentARequest() {
		ChatModel model = metering(Scripted.with(() -> {
			this.nanos.addAndGet(2 * SECOND);
			Thread.currentThread().interrupt();
			return Flux.error(new GrokException("Interrupted while waiting for xAI"));
		}));
		assertThatExceptionOfType(GrokException.class).isThrownBy(() -> model.call(prompt()));
		assertThat(this.events.costs()).extracting(CostRecorded::outputTokens).containsExactly(100L);
		assertThatExceptionOfType(GrokException.class).as("interrupted before").isThrownBy(() -> model.call(prompt()));
		assertThat(Thread.interrupted()).isTrue();
		assertThat(this.events.costs()).hasSize(1);
	}

	@Test
	void whoeverCollectsTheCostsOfTheCallIsTold() {
		List<Cost> told = new ArrayList<>();
		GrokChatOptions options = CallCostCollector.attach((GrokChatOptions) prompt().getOptions(),
				(model, cost) -> told.add(cost));
		ChatModel model = failing(GrokApiException.builder(ErrorKind.TIMEOUT, "lost").build(), 0);
		assertThatExceptionOfType(GrokApiException.class)
			.isThrownBy(() -> model.call(new Prompt(prompt().getInstructions(), options)));
		assertThat(told).containsExactly(Cost.table(PROMPT_TICKS));
	}

	private void costsNothing(GrokApiException failure) {
		ChatModel model = failing(failure, SECOND);
		assertThatExceptionOfType(GrokApiException.class).isThrownBy(() -> model.call(prompt()));
		StepVerifier.create(model.stream(prompt())).verifyError(GrokApiException.class);
		assertThat(this.events.costs()).isEmpty();
		assertThat(this.events.outcomes()).hasSize(2);
	}

	private ChatModel failing(GrokApiException failure, long nanos) {
		return metering(Scripted.with(() -> {
			this.nanos.addAndGet(nanos);
			return Flux.error(failure);
		}));
	}

	private <T> Flux<T> lost() {
		return Flux.defer(() -> {
			this.nanos.addAndGet(60 * SECOND);
			return Flux.error(GrokApiException.builder(ErrorKind.TIMEOUT, "lost").build());
		});
	}

	private ChatModel metering(ChatModel transport) {
		CostCalculator prices = CostCalculator.of(TestCatalog.create(), PriceConditions.STANDARD);
		return MeteringChatModel
			.decorator(new MeteringSettings(prices, OnUnpriced.WARN, BigDecimal.ONE, TenantResolver.user(), this.events,
					InstantSource.fixed(TestCatalog.NOW), this.nanos::get))
			.decorate("default", transport);
	}

	private static Prompt prompt() {
		return new Prompt("four letters each 1 four letters each 2", GrokChatOptions.builder().model("tiered").build());
	}

}
