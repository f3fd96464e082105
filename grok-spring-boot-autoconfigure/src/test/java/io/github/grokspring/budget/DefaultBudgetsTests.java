package io.github.grokspring.budget;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import io.github.grokspring.budget.CostEstimator.Estimate;
import io.github.grokspring.error.BudgetExceededException;
import io.github.grokspring.event.BudgetExceeded;
import io.github.grokspring.event.BudgetThresholdReached;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.util.Assert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * What budgets allow, and what they say.
 */
@ExtendWith(OutputCaptureExtension.class)
class DefaultBudgetsTests {

	private static final long CENT = 100_000_000;

	private final OffsetClock clock = new OffsetClock("2026-11-21T12:00:00Z");

	private final RecordedEvents events = new RecordedEvents();

	private static final Map<String, Estimate> PRICES = Map.of("grok-4.3", new Estimate("grok-4.3", 10 * CENT, 0),
			"grok-4.7", new Estimate("grok-4.7", 30 * CENT, 0), "grok-4.7-latest",
			new Estimate("grok-4.7", 30 * CENT, 0));

	private final BudgetStore store = BudgetStore.inMemory(this.clock, this.clock::nanoTime);

	@Test
	void aCallThatDoesNotFitIsRefusedWithEverythingAPersonNeeds() {
		Budgets budgets = budgets(daily("1.00"));
		reserve(budgets, 40 * CENT).settle(70 * CENT);
		reserve(budgets, 20 * CENT);
		BudgetExceededException refused = catchThrowableOfType(BudgetExceededException.class,
				() -> reserve(budgets, 11 * CENT));
		assertThat(refused.budget()).isEqualTo("daily");
		assertThat(refused.scope()).isEqualTo("all");
		assertThat(refused.limit()).isEqualByComparingTo("1");
		assertThat(refused.used()).isEqualByComparingTo("0.7");
		assertThat(refused.reserved()).isEqualByComparingTo("0.2");
		assertThat(refused.needed()).isEqualByComparingTo("0.11");
		assertThat(refused.resetsAt()).isEqualTo("2026-11-22T00:00:00Z");
		assertThat(refused).hasMessage("Budget 'daily' has no room for this call, which was not sent and may cost"
				+ " $0.11: $0.70 of $1.00 are used and $0.20 reserved for calls under way. It resets at"
				+ " 2026-11-22T00:00:00Z. Raise 'grok.budgets.daily.limit', set a smaller 'max-tokens' so that less"
				+ " is reserved, or wait.");
	}

	@Test
	void aCallThatCanNeverFitIsToldSo() {
		assertThatExceptionOfType(BudgetExceededException.class)
			.isThrownBy(() -> reserve(budgets(budget("all-time", "1", BudgetWindow.TOTAL)), 101 * CENT))
			.withMessageContaining("It never resets.")
			.withMessageContaining("The call alone may cost more than the whole limit")
			.withMessageContaining("'grok.budget.ceiling'")
			.satisfies((refused) -> assertThat(refused.resetsAt()).isNull());
	}

	@Test
	void thereIsRoomAgainInTheNextWindow() {
		Budgets budgets = budgets(daily("1"));
		reserve(budgets, 90 * CENT).settle(100 * CENT);
		assertThatExceptionOfType(BudgetExceededException.class).isThrownBy(() -> reserve(budgets, 1));
		this.clock.moveTo("2026-11-22T00:00:00Z");
		reserve(budgets, 100 * CENT);
		assertThat(status(budgets).usedTicks()).isZero();
		assertThat(status(budgets).windowStart()).isEqualTo("2026-11-22T00:00:00Z");
	}

	@Test
	void aDayBeginsWhereItsZoneSays() {
		Budgets budgets = budgets(new Budget("daily", 100 * CENT, BudgetWindow.DAY, ZoneId.of("Europe/Berlin"),
				BudgetScope.ALL, List.of(), OnExceeded.FAIL, null));
		reserve(budgets, CENT).settle(100 * CENT);
		this.clock.moveTo("2026-11-21T22:59:59Z");
		assertThatExceptionOfType(BudgetExceededException.class).isThrownBy(() -> reserve(budgets, CENT));
		this.clock.moveTo("2026-11-21T23:00:00Z");
		assertThat(reserve(budgets, CENT).ticks()).isEqualTo(CENT);
	}

	@Test
	void aCallThatEndsInTheNextWindowIsPaidFromItsOwn() {
		Budgets budgets = budgets(daily("1"));
		Reservation reservation = reserve(budgets, 50 * CENT);
		this.clock.moveTo("2026-11-22T00:10:00Z");
		reservation.settle(30 * CENT);
		assertThat(status(budgets).usedTicks()).isZero();
		assertThat(this.store.usage(List.of(Keys.daily("daily"))).get(0).used()).isEqualTo(30 * CENT);
	}

	@Test
	void aClockThatIsSetBackOpensNoWindowAgain() {
		Budgets budgets = budgets(daily("1"));
		reserve(budgets, CENT).settle(90 * CENT);
		this.clock.moveTo("2026-11-22T03:00:00Z");
		reserve(budgets, CENT).settle(80 * CENT);
		this.clock.moveBy(Duration.ofMinutes(2));
		reserve(budgets, CENT).settle(0);
		this.clock.moveTo("2026-11-21T12:00:00Z");
		assertThat(status(budgets).windowStart()).isEqualTo("2026-11-22T00:00:00Z");
		assertThatExceptionOfType(BudgetExceededException.class).isThrownBy(() -> reserve(budgets, 21 * CENT));
		assertThat(reserve(budgets, 20 * CENT).ticks()).isEqualTo(20 * CENT);
		this.clock.moveTo("2026-11-23T00:00:00Z");
		assertThat(reserve(budgets, 100 * CENT).ticks()).isEqualTo(100 * CENT);
	}

	@Test
	void oneReadingOfAClockThatIsFarAheadMovesNoWindowForGood() {
		Budgets budgets = budgets(daily("1"));
		reserve(budgets, CENT).settle(90 * CENT);
		this.clock.moveTo("2027-11-21T12:00:00Z");
		reserve(budgets, CENT).settle(0);
		this.clock.moveTo("2026-11-21T12:00:01Z");
		assertThat(status(budgets).usedTicks()).isEqualTo(90 * CENT);
		assertThatExceptionOfType(BudgetExceededException.class).isThrownBy(() -> reserve(budgets, 11 * CENT));
		this.clock.moveBy(Duration.ofHours(12));
		assertThat(status(budgets).windowStart()).isEqualTo("2026-11-22T00:00:00Z");
		assertThat(reserve(budgets, 100 * CENT).ticks()).isEqualTo(100 * CENT);
	}

	@ParameterizedTest
	@CsvSource({ "DAY, Europe/Berlin, ALL", "MONTH, UTC, ALL", "TOTAL, UTC, ALL", "DAY, UTC, TENANT",
			"DAY, UTC, CLIENT" })
	void whatNoLongerCountsAfterAChangeOfZoneWindowOrScopeIsSaid(BudgetWindow window, String zone, BudgetScope scope,
			CapturedOutput output) {
		reserve(budgets(daily("1")), CENT).settle(25 * CENT);
		budgets(new Budget("daily", 100 * CENT, window, ZoneId.of(zone), scope, List.of(), OnExceeded.FAIL, null));
		assertThat(output).containsOnlyOnce(
				"Budget 'daily' was kept with another 'zone', 'window' or 'scope' before. $0.25 that were spent");
	}

	@Test
	void aBudgetThatIsKeptAsBeforeSaysNothingAndGoesOn(CapturedOutput output) {
		reserve(budgets(daily("1")), CENT).settle(25 * CENT);
		assertThat(status(budgets(daily("2"))).usedTicks()).isEqualTo(25 * CENT);
		assertThat(output).doesNotContain("no longer count");
	}

	@Test
	void theExpectedCostOfTokensDecidesWhichModelIsCheaper() {
		Budgets budgets = budgets(budget("thrift", "1", OnExceeded.DOWNGRADE, "thinker"));
		Map<String, Estimate> prices = Map.of("grok-4.7", new Estimate("grok-4.7", CENT, 0), "thinker",
				new Estimate("thinker", CENT, 80 * CENT));
		Map<String, Long> rates = Map.of("grok-4.7", 3000L, "thinker", 1000L);
		BudgetRequest request = new BudgetRequest("default", "grok-4.7", null, prices::get, rates::get);
		budgets.reserve(request).settle(80 * CENT);
		Reservation downgraded = budgets.reserve(request);
		assertThat(downgraded.model()).isEqualTo("thinker");
		assertThat(downgraded.ticks()).as("its own worst case, up to the ceiling").isEqualTo(10 * CENT);
	}

	@Test
	void aReservationThatIsSuspendedIsThereForOthersUntilTheNextAttempt() {
		Budgets budgets = budgets(daily("1"));
		Reservation suspended = reserve(budgets, 60 * CENT);
		suspended.suspend();
		assertThat(status(budgets).reservedTicks()).isZero();
		reserve(budgets, 60 * CENT).settle(10 * CENT);
		suspended.attemptStarted("grok-4.3");
		assertThat(status(budgets).reservedTicks()).isEqualTo(60 * CENT);
		suspended.suspend();
		suspended.settle(5 * CENT);
		suspended.attemptStarted("grok-4.3");
		assertThat(status(budgets).usedTicks()).isEqualTo(15 * CENT);
		assertThat(status(budgets).reservedTicks()).isZero();
	}

	@Test
	void aReservationLastsAsLongAsSomethingHappensToItsCall() {
		Budgets budgets = budgets(daily("1"));
		Reservation stream = reserve(budgets, 60 * CENT);
		Reservation retried = reserve(budgets, 40 * CENT);
		for (int i = 0; i < 5; i++) {
			this.clock.moveBy(Duration.ofMinutes(40));
			stream.touch();
			retried.attemptStarted("grok-4.3");
			assertThat(status(budgets).reservedTicks()).isEqualTo(100 * CENT);
		}
		stream.settle(CENT);
		stream.touch();
		this.clock.moveBy(Duration.ofMinutes(61));
		assertThat(status(budgets).reservedTicks()).isZero();
		retried.attemptStarted("grok-4.3");
		assertThat(status(budgets).reservedTicks()).as("waited for longer than the lease").isEqualTo(40 * CENT);
		retried.settle(2 * CENT);
		assertThat(status(budgets).reservedTicks()).isZero();
		assertThat(status(budgets).usedTicks()).isEqualTo(3 * CENT);
	}

	@Test
	void aDearerModelThatIsAskedInsteadReservesMoreWhetherThereIsRoomOrNot() {
		Budgets budgets = budgets(daily("1"));
		Map<String, Estimate> estimates = Map.of("grok-4.3", new Estimate("grok-4.3", 10 * CENT, 0), "grok-4.7",
				new Estimate("grok-4.7", 30 * CENT, 0), "grok-build-0.1", new Estimate("grok-build-0.1", CENT, 0));
		Reservation reservation = budgets.reserve(request("grok-4.3", estimates));
		reserve(budgets, 80 * CENT);
		reservation.attemptStarted("grok-build-0.1");
		assertThat(status(budgets).reservedTicks()).isEqualTo(90 * CENT);
		reservation.attemptStarted("grok-4.7");
		assertThat(status(budgets).reservedTicks()).isEqualTo(110 * CENT);
		assertThatExceptionOfType(BudgetExceededException.class).isThrownBy(() -> reserve(budgets, 1));
		reservation.settle(25 * CENT);
		assertThat(status(budgets).reservedTicks()).isEqualTo(80 * CENT);
	}

	@Test
	void whatAnotherModelCostsIsCountedUnderItsOwnLimit() {
		Budgets budgets = budgets(daily("1"), each("each", "1"));
		Reservation reservation = budgets.reserve(request("grok-4.3", PRICES));
		reservation.attemptStarted("grok-4.3");
		reservation.attemptStarted("grok-4.7-latest");
		assertThat(budgets.status()).extracting(BudgetStatus::scopeValue, BudgetStatus::reservedTicks)
			.containsExactly(Assertions.tuple("all", 30 * CENT), Assertions.tuple("grok-4.3", 30 * CENT),
					Assertions.tuple("grok-4.7", 30 * CENT));
		reservation.settle(Map.of("grok-4.3", 5 * CENT, "grok-4.7-latest", 80 * CENT));
		assertThat(budgets.status())
			.extracting(BudgetStatus::scopeValue, BudgetStatus::usedTicks, BudgetStatus::reservedTicks)
			.containsExactly(Assertions.tuple("all", 85 * CENT, 0L), Assertions.tuple("grok-4.3", 5 * CENT, 0L),
					Assertions.tuple("grok-4.7", 80 * CENT, 0L));
		assertThatExceptionOfType(BudgetExceededException.class)
			.isThrownBy(() -> budgets.reserve(request("grok-4.7", PRICES)));
		reservation.add("grok-4.7", CENT);
		assertThat(budgets.status()).extracting(BudgetStatus::usedTicks)
			.containsExactly(86 * CENT, 5 * CENT, 81 * CENT);
	}

	@Test
	void anotherModelThatCostNothingGivesItsReservationBack() {
		Budgets budgets = budgets(each("each", "1"));
		Reservation reservation = budgets.reserve(request("grok-4.3", PRICES));
		reservation.attemptStarted("grok-4.7");
		reservation.settle(CENT);
		reservation.attemptStarted("grok-4.7");
		assertThat(budgets.status())
			.extracting(BudgetStatus::scopeValue, BudgetStatus::usedTicks, BudgetStatus::reservedTicks)
			.containsExactly(Assertions.tuple("grok-4.3", CENT, 0L));
		Reservation free = budgets.reserve(request("grok-4.3", PRICES));
		free.attemptStarted("grok-4.7");
		free.settle(0);
		assertThat(budgets.status()).extracting(BudgetStatus::reservedTicks).containsExactly(0L);
	}

	@Test
	void whatAnotherModelReservesLastsAsLongAsItsCall() {
		Budgets budgets = budgets(each("each", "1"));
		Reservation reservation = budgets.reserve(request("grok-4.3", PRICES));
		reservation.attemptStarted("grok-4.7");
		for (int i = 0; i < 5; i++) {
			this.clock.moveBy(BudgetSettings.DEFAULTS.lease().dividedBy(2));
			reservation.touch();
		}
		assertThat(budgets.status()).extracting(BudgetStatus::reservedTicks).containsExactly(30 * CENT, 30 * CENT);
	}

	@Test
	void anotherModelReachesThresholdsOfItsOwn() {
		Budgets budgets = budgets(new Budget("each", 100 * CENT, BudgetWindow.DAY, ZoneId.of("UTC"), BudgetScope.MODEL,
				List.of(50), OnExceeded.FAIL, null));
		budgets.reserve(request("grok-4.3", PRICES)).settle(Map.of("grok-4.3", 45 * CENT, "grok-4.7", 60 * CENT));
		assertThat(this.events.of(BudgetThresholdReached.class)).extracting(BudgetThresholdReached::scope)
			.containsExactly("grok-4.7");
	}

	@Test
	void anEstimateThatFailsTakesNoAttemptAway(CapturedOutput output) {
		Reservation reservation = budgets(daily("1"))
			.reserve(new BudgetRequest("default", "grok-4.3", null, (model) -> {
				Assert.isTrue("grok-4.3".equals(model), "another model");
				return new Estimate(model, CENT, 0);
			}));
		reservation.attemptStarted("grok-4.7");
		assertThat(output).contains("The reservation of a call of client 'default' could not be renewed");
	}

	@Test
	void everyBudgetHasToHaveRoom() {
		Budgets budgets = budgets(budget("hourly", "0.10", BudgetWindow.HOUR), daily("1"));
		assertThat(catchThrowableOfType(BudgetExceededException.class, () -> reserve(budgets, 20 * CENT)).budget())
			.isEqualTo("hourly");
		assertThat(budgets.status()).allMatch((status) -> status.reservedTicks() == 0);
	}

	@Test
	void whatIsGivenBackIsThereForOthers() {
		Budgets budgets = budgets(daily("1"));
		reserve(budgets, 100 * CENT).settle(0);
		assertThat(status(budgets).remaining()).isEqualByComparingTo("1");
	}

	@Test
	void aReservationThatNobodySettlesInTimeCountsAsSpentUntilItIsSettled() {
		Budgets budgets = budgets(daily("1"));
		Reservation late = reserve(budgets, 100 * CENT);
		this.clock.moveBy(Duration.ofHours(1));
		assertThat(status(budgets).usedTicks()).isEqualTo(100 * CENT);
		assertThatExceptionOfType(BudgetExceededException.class).isThrownBy(() -> reserve(budgets, CENT));
		late.settle(10 * CENT);
		reserve(budgets, 90 * CENT);
	}

	@Test
	void whatTurnsOutLaterIsAdded() {
		Budgets budgets = budgets(daily("1"));
		Reservation reservation = reserve(budgets, 50 * CENT);
		reservation.settle(20 * CENT);
		reservation.add("grok-4.3", 0);
		reservation.add("grok-4.3", 65 * CENT);
		assertThat(status(budgets).usedTicks()).isEqualTo(85 * CENT);
		assertThat(status(budgets).reservedTicks()).isZero();
		assertThat(this.events.of(BudgetThresholdReached.class)).hasSize(1);
	}

	@Test
	void statusIsInTicksAndInDollars() {
		Budgets budgets = budgets(daily("1.25"));
		reserve(budgets, CENT).settle(25 * CENT);
		reserve(budgets, 50 * CENT);
		BudgetStatus status = status(budgets);
		assertThat(status).isEqualTo(new BudgetStatus("daily", BudgetScope.ALL, "all", 125 * CENT, 25 * CENT, 50 * CENT,
				Instant.parse("2026-11-21T00:00:00Z"), Instant.parse("2026-11-22T00:00:00Z"), false));
		assertThat(status.remainingTicks()).isEqualTo(50 * CENT);
		assertThat(status.limit()).isEqualByComparingTo("1.25");
		assertThat(status.used()).isEqualByComparingTo("0.25");
		assertThat(status.reserved()).isEqualByComparingTo("0.5");
		assertThat(status.remaining()).isEqualByComparingTo("0.5");
		assertThat(status.exhausted()).isFalse();
	}

	@Test
	void moreThanTheLimitLeavesNothing() {
		Budgets budgets = budgets(budget("all-time", "1", BudgetWindow.TOTAL));
		reserve(budgets, CENT).settle(300 * CENT);
		assertThat(status(budgets).remainingTicks()).isZero();
		assertThat(status(budgets).exhausted()).isTrue();
		assertThat(status(budgets).windowStart()).isNull();
		assertThat(status(budgets).resetsAt()).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "CLIENT, support, sales", "MODEL, grok-4.3, grok-4.7", "TENANT, acme, umbrella" })
	void everyScopeHasALimitOfItsOwn(BudgetScope scope, String first, String second) {
		Budgets budgets = budgets(new Budget("each", 100 * CENT, BudgetWindow.DAY, ZoneId.of("UTC"), scope, List.of(),
				OnExceeded.FAIL, null));
		assertThat(budgets.status()).isEmpty();
		budgets.reserve(of(scope, first)).settle(100 * CENT);
		assertThatExceptionOfType(BudgetExceededException.class).isThrownBy(() -> budgets.reserve(of(scope, first)))
			.withMessageStartingWith("Budget 'each' of " + scope.name().toLowerCase() + " '" + first + "' has no room");
		budgets.reserve(of(scope, second)).settle(30 * CENT);
		assertThat(budgets.status()).extracting(BudgetStatus::scopeValue, BudgetStatus::usedTicks)
			.containsExactlyInAnyOrder(Assertions.tuple(first, 100 * CENT), Assertions.tuple(second, 30 * CENT));
	}

	@Test
	void callsOfNobodyShareTheLimitOfTheUnknown() {
		Budgets budgets = budgets(new Budget("each", 100 * CENT, BudgetWindow.DAY, ZoneId.of("UTC"), BudgetScope.TENANT,
				List.of(), OnExceeded.FAIL, null));
		budgets.reserve(of(BudgetScope.TENANT, null)).settle(CENT);
		assertThat(status(budgets).scopeValue()).isEqualTo("unknown");
	}

	@Test
	void theNameOfATenantBreaksNoLine(CapturedOutput output) {
		Budgets budgets = budgets(new Budget("each", CENT, BudgetWindow.DAY, ZoneId.of("UTC"), BudgetScope.TENANT,
				List.of(50), OnExceeded.FAIL, null));
		String name = "acme\r\n12:00 ERROR all is lost\u2028" + "x".repeat(10_000);
		budgets.reserve(of(BudgetScope.TENANT, name)).settle(CENT);
		BudgetExceededException refused = catchThrowableOfType(BudgetExceededException.class,
				() -> budgets.reserve(of(BudgetScope.TENANT, name)));
		assertThat(refused.scope()).isEqualTo(name);
		assertThat(refused.getMessage()).contains("of tenant 'acme??12:00 ERROR all is lost?xxx")
			.contains("x...' has no room")
			.hasSizeLessThan(500);
		assertThat(output).contains("of tenant 'acme??12:00 ERROR all is lost?xxx").doesNotContain("x".repeat(101));
	}

	@Test
	void anotherNameOfAModelIsTheSameModel() {
		Budgets budgets = budgets(new Budget("each", 100 * CENT, BudgetWindow.DAY, ZoneId.of("UTC"), BudgetScope.MODEL,
				List.of(), OnExceeded.FAIL, null));
		budgets.reserve(request("grok-4.3-latest", Map.of("grok-4.3-latest", new Estimate("grok-4.3", CENT, 0))));
		assertThat(status(budgets).scopeValue()).isEqualTo("grok-4.3");
	}

	@Test
	void aBudgetThatOnlyWarnsLetsEverythingPassAndSaysSoOncePerWindow(CapturedOutput output) {
		Budgets budgets = budgets(budget("soft", "1", OnExceeded.WARN, null));
		reserve(budgets, 100 * CENT).settle(100 * CENT);
		assertThat(this.events.of(BudgetExceeded.class)).isEmpty();
		reserve(budgets, 50 * CENT).settle(50 * CENT);
		reserve(budgets, 50 * CENT).settle(50 * CENT);
		assertThat(status(budgets).usedTicks()).isEqualTo(200 * CENT);
		assertThat(this.events.of(BudgetExceeded.class)).containsExactly(new BudgetExceeded("default", "soft", "all",
				"warn", 100 * CENT, 50 * CENT, 100 * CENT, Instant.parse("2026-11-22T00:00:00Z")));
		assertThat(output).containsOnlyOnce("Budget 'soft' has no room for a call").contains("go on all the same");
		this.clock.moveTo("2026-11-22T12:00:00Z");
		reserve(budgets, 101 * CENT);
		assertThat(this.events.of(BudgetExceeded.class)).hasSize(2);
	}

	@Test
	void refusalsAreAnEventOncePerWindow() {
		Budgets budgets = budgets(daily("1"));
		for (int i = 0; i < 3; i++) {
			assertThatExceptionOfType(BudgetExceededException.class).isThrownBy(() -> reserve(budgets, 101 * CENT));
		}
		assertThat(this.events.of(BudgetExceeded.class)).singleElement()
			.satisfies((event) -> assertThat(event.action()).isEqualTo("fail"));
	}

	@Test
	void aBudgetThatHasNoRoomForAUsualCallIsExhausted() {
		Budgets budgets = budgets(daily("1"));
		Estimate unlimited = new Estimate("grok-4.3", CENT, 80 * CENT);
		reserve(budgets, 10 * CENT).settle(95 * CENT);
		assertThat(status(budgets).exhausted()).isFalse();
		for (int i = 0; i < 3; i++) {
			assertThatExceptionOfType(BudgetExceededException.class).isThrownBy(() -> reserve(budgets, unlimited));
		}
		assertThat(status(budgets).exhausted()).isTrue();
		assertThat(this.events.of(BudgetExceeded.class)).hasSize(1);
		reserve(budgets, CENT);
		assertThat(status(budgets).exhausted()).isFalse();
		this.clock.moveTo("2026-11-22T12:00:00Z");
		assertThat(status(budgets).exhausted()).isFalse();
	}

	@Test
	void aCallThatIsTooLargeExhaustsNothingAndIsNotTheNewsOfTheWindow() {
		Budgets budgets = budgets(daily("1"));
		assertThatExceptionOfType(BudgetExceededException.class).isThrownBy(() -> reserve(budgets, 101 * CENT));
		assertThat(status(budgets).exhausted()).isFalse();
		reserve(budgets, CENT).settle(100 * CENT);
		assertThatExceptionOfType(BudgetExceededException.class).isThrownBy(() -> reserve(budgets, CENT));
		assertThat(this.events.of(BudgetExceeded.class)).extracting(BudgetExceeded::usedTicks)
			.containsExactly(0L, 100 * CENT);
	}

	@Test
	void noRoomWhileOthersAreUnderWayIsNoNews(CapturedOutput output) {
		Budgets budgets = budgets(daily("1"), budget("soft", "1", OnExceeded.WARN, null));
		List<Reservation> underWay = new ArrayList<>();
		for (int i = 0; i < 10; i++) {
			underWay.add(reserve(budgets, 10 * CENT));
		}
		assertThatExceptionOfType(BudgetExceededException.class).isThrownBy(() -> reserve(budgets, 10 * CENT));
		assertThat(budgets.status()).noneMatch(BudgetStatus::exhausted);
		assertThat(this.events.of(BudgetExceeded.class)).isEmpty();
		assertThat(output).doesNotContain("has no room");
		underWay.forEach((reservation) -> reservation.settle(10 * CENT));
		assertThatExceptionOfType(BudgetExceededException.class).isThrownBy(() -> reserve(budgets, 10 * CENT));
		assertThat(budgets.status()).allMatch(BudgetStatus::exhausted);
		assertThat(this.events.of(BudgetExceeded.class)).extracting(BudgetExceeded::budget).containsExactly("daily");
	}

	@Test
	void aDearModelGivesWayToACheaperOne() {
		Budgets budgets = budgets(budget("daily", "1", OnExceeded.DOWNGRADE, "grok-build-0.1"));
		Map<String, Estimate> estimates = Map.of("grok-4.7", new Estimate("grok-4.7", 60 * CENT, 0), "grok-build-0.1",
				new Estimate("grok-build-0.1", 10 * CENT, 0));
		Reservation first = budgets.reserve(request("grok-4.7", estimates));
		assertThat(first.model()).isEqualTo("grok-4.7");
		first.settle(60 * CENT);
		Reservation second = budgets.reserve(request("grok-4.7", estimates));
		assertThat(second.model()).isEqualTo("grok-build-0.1");
		assertThat(second.ticks()).isEqualTo(10 * CENT);
		assertThat(this.events.of(BudgetExceeded.class)).singleElement()
			.satisfies((event) -> assertThat(event.action()).isEqualTo("downgrade"));
		for (int i = 0; i < 3; i++) {
			budgets.reserve(request("grok-4.7", estimates));
		}
		assertThatExceptionOfType(BudgetExceededException.class)
			.isThrownBy(() -> budgets.reserve(request("grok-4.7", estimates)))
			.satisfies((refused) -> assertThat(refused.needed()).isEqualByComparingTo("0.1"));
	}

	@Test
	void aModelThatIsNotCheaperIsNoWayOut() {
		Budgets budgets = budgets(budget("daily", "1", OnExceeded.DOWNGRADE, "grok-4.7"));
		List<String> asked = new ArrayList<>();
		BudgetRequest request = new BudgetRequest("default", "grok-4.3", null, (model) -> {
			asked.add(model);
			return new Estimate(model, 101 * CENT, 0);
		});
		assertThatExceptionOfType(BudgetExceededException.class).isThrownBy(() -> budgets.reserve(request));
		assertThat(asked).containsExactly("grok-4.3", "grok-4.7", "grok-4.3");
	}

	@Test
	void budgetsThatRefuseGoBeforeThoseThatDowngrade() {
		Budgets budgets = budgets(budget("soft", "1", OnExceeded.DOWNGRADE, "grok-build-0.1"), daily("1"));
		assertThatExceptionOfType(BudgetExceededException.class).isThrownBy(
				() -> budgets.reserve(request("grok-4.7", Map.of("grok-4.7", new Estimate("grok-4.7", 101 * CENT, 0)))))
			.satisfies((refused) -> assertThat(refused.budget()).isEqualTo("daily"));
	}

	@Test
	void oneDowngradeMayLeadToTheNext() {
		Budgets budgets = budgets(budget("a", "1", OnExceeded.DOWNGRADE, "grok-4.3"),
				budget("b", "0.50", OnExceeded.DOWNGRADE, "grok-build-0.1"));
		Reservation reservation = budgets.reserve(request("grok-4.7",
				Map.of("grok-4.7", new Estimate("grok-4.7", 150 * CENT, 0), "grok-4.3",
						new Estimate("grok-4.3", 60 * CENT, 0), "grok-build-0.1",
						new Estimate("grok-build-0.1", 40 * CENT, 0))));
		assertThat(reservation.model()).isEqualTo("grok-build-0.1");
		assertThat(budgets.status()).allMatch((status) -> status.reservedTicks() == 40 * CENT);
	}

	@Test
	void thresholdsAreEventsOncePerWindow() {
		Budgets budgets = budgets(new Budget("daily", 100 * CENT, BudgetWindow.DAY, ZoneId.of("UTC"), BudgetScope.ALL,
				List.of(80, 50, 100), OnExceeded.WARN, null));
		for (int spent : new int[] { 49, 1, 29, 1, 1, 30 }) {
			reserve(budgets, CENT).settle(spent * CENT);
		}
		assertThat(this.events.of(BudgetThresholdReached.class))
			.extracting(BudgetThresholdReached::percent, BudgetThresholdReached::usedTicks)
			.containsExactly(Assertions.tuple(50, 50 * CENT), Assertions.tuple(80, 80 * CENT),
					Assertions.tuple(100, 111 * CENT));
		assertThat(this.events.of(BudgetThresholdReached.class).get(0)).isEqualTo(new BudgetThresholdReached("default",
				"daily", "all", 50, 50 * CENT, 100 * CENT, Instant.parse("2026-11-22T00:00:00Z")));
		this.clock.moveTo("2026-11-22T12:00:00Z");
		reserve(budgets, CENT).settle(300 * CENT);
		assertThat(this.events.of(BudgetThresholdReached.class)).hasSize(6);
	}

	@Test
	void whatNothingLimitsIsReservedUpToTheCeiling() {
		Budgets budgets = Budgets.of(List.of(daily("50")), this.store,
				new BudgetSettings(new BigDecimal("0.25"), Duration.ofHours(1)), this.events, this.clock);
		assertThat(reserve(budgets, new Estimate("grok-4.3", CENT, 80 * CENT)).ticks()).isEqualTo(25 * CENT);
		assertThat(reserve(budgets, new Estimate("grok-4.3", CENT, 3 * CENT)).ticks()).isEqualTo(4 * CENT);
		assertThat(reserve(budgets, new Estimate("grok-4.3", 0, Long.MAX_VALUE)).ticks()).isEqualTo(25 * CENT);
		assertThat(reserve(budgets, new Estimate("grok-4.3", 0, 0)).ticks()).isZero();
	}

	@Test
	void withoutACeilingItIsATenthOfEachLimit() {
		Estimate unlimited = new Estimate("grok-4.3", CENT, 80 * CENT);
		Budgets budgets = budgets(budget("small", "0.50", BudgetWindow.HOUR), daily("2"),
				budget("wide", "50", BudgetWindow.MONTH));
		assertThat(reserve(budgets, unlimited).ticks()).isEqualTo(81 * CENT);
		assertThat(budgets.status()).extracting(BudgetStatus::budget, BudgetStatus::reservedTicks)
			.containsExactly(Assertions.tuple("small", 5 * CENT), Assertions.tuple("daily", 20 * CENT),
					Assertions.tuple("wide", 81 * CENT));
	}

	@Test
	void whatTheRequestLimitsIsReservedAboveTheCeilingToo() {
		assertThat(reserve(budgets(daily("1")), new Estimate("grok-4.3", 30 * CENT, 80 * CENT)).ticks())
			.isEqualTo(30 * CENT);
	}

	@Test
	void callsAreDowngradedBeforeAnyIsRefused() {
		Budgets budgets = budgets(budget("thrift", "2.00", OnExceeded.DOWNGRADE, "grok-build-0.1"));
		Map<String, Estimate> estimates = Map.of("grok-4.3", new Estimate("grok-4.3", CENT / 10, 36 * CENT),
				"grok-build-0.1", new Estimate("grok-build-0.1", CENT / 10, 28 * CENT));
		List<String> asked = new ArrayList<>();
		BudgetExceededException refused = null;
		while (refused == null) {
			try {
				Reservation reservation = budgets.reserve(request("grok-4.3", estimates));
				asked.add(reservation.model());
				reservation.settle(CENT);
			}
			catch (BudgetExceededException ex) {
				refused = ex;
			}
		}
		assertThat(asked.subList(0, 141)).containsOnly("grok-4.3");
		assertThat(asked.subList(141, asked.size())).hasSize(40).containsOnly("grok-build-0.1");
		assertThat(refused.used()).isEqualByComparingTo("1.81");
	}

	@Test
	void fromWhichShareOnCallsAreDowngradedIsAChoice() {
		Budgets budgets = budgets(new Budget("thrift", 100 * CENT, BudgetWindow.DAY, ZoneId.of("UTC"), BudgetScope.ALL,
				List.of(), OnExceeded.DOWNGRADE, "grok-build-0.1", 50));
		Map<String, Estimate> estimates = Map.of("grok-4.3", new Estimate("grok-4.3", 20 * CENT, 0), "grok-build-0.1",
				new Estimate("grok-build-0.1", 10 * CENT, 0));
		assertThat(budgets.reserve(request("grok-4.3", estimates)).model()).isEqualTo("grok-4.3");
		assertThat(budgets.reserve(request("grok-4.3", estimates)).model()).isEqualTo("grok-4.3");
		assertThat(budgets.reserve(request("grok-4.3", estimates)).model()).isEqualTo("grok-build-0.1");
		assertThat(budgets.reserve(request("grok-build-0.1", estimates)).ticks()).isEqualTo(10 * CENT);
	}

	@Test
	void aModelThatIsCheaperThanTheDowngradeHasTheWholeLimit() {
		Budgets budgets = budgets(budget("daily", "1", OnExceeded.DOWNGRADE, "grok-4.7"));
		Map<String, Estimate> estimates = Map.of("grok-4.3", new Estimate("grok-4.3", 90 * CENT, 0), "grok-4.7",
				new Estimate("grok-4.7", 95 * CENT, 0));
		assertThat(budgets.reserve(request("grok-4.3", estimates)).model()).isEqualTo("grok-4.3");
	}

	@Test
	void whatACallCostAboveItsReservationTheNextOnesReserveForAWhile() {
		Budgets budgets = budgets(daily("1"));
		Estimate unlimited = new Estimate("grok-4.3", CENT, 80 * CENT);
		Reservation first = reserve(budgets, unlimited);
		assertThat(first.ticks()).isEqualTo(10 * CENT);
		first.settle(30 * CENT);
		assertThat(reserve(budgets, unlimited).ticks()).isEqualTo(30 * CENT);
		assertThat(reserve(budgets, new Estimate("grok-4.3", CENT, 11 * CENT)).ticks()).isEqualTo(12 * CENT);
		assertThat(reserve(budgets, new Estimate("grok-4.7", CENT, 80 * CENT)).ticks()).isEqualTo(10 * CENT);
		this.clock.moveTo("2026-11-22T12:00:00Z");
		assertThat(reserve(budgets, unlimited).ticks()).isEqualTo(10 * CENT);
	}

	@Test
	void allThatACallCostIsWhatTheNextOnesReserve() {
		Budgets budgets = budgets(daily("1"));
		Estimate unlimited = new Estimate("grok-4.3", CENT, 80 * CENT);
		Reservation first = reserve(budgets, unlimited);
		first.settle(8 * CENT);
		first.add("grok-4.3", 7 * CENT);
		first.add("grok-4.3", 5 * CENT);
		assertThat(reserve(budgets, unlimited).ticks()).isEqualTo(20 * CENT);
	}

	@Test
	void aCallThatCostMoreThanTheLimitDoesNotCloseTheNextWindow() {
		Budgets budgets = budgets(budget("hourly", "0.10", BudgetWindow.HOUR));
		Estimate unlimited = new Estimate("grok-4.3", CENT / 10, 80 * CENT);
		this.clock.moveTo("2026-11-21T12:59:00Z");
		reserve(budgets, unlimited).settle(40 * CENT);
		this.clock.moveTo("2026-11-21T13:00:00Z");
		assertThat(reserve(budgets, unlimited).ticks()).isEqualTo(10 * CENT);
	}

	@Test
	void aStoreThatFailsToSettleTakesNoAnswerAway(CapturedOutput output) {
		BudgetStore broken = new BrokenAfterwards(this.store);
		Budgets budgets = Budgets.of(List.of(daily("1")), broken, BudgetSettings.DEFAULTS, this.events, this.clock,
				this.clock::nanoTime);
		reserve(budgets, CENT).settle(2 * CENT);
		assertThat(output).contains("What a call of client 'default' cost could not be noted in its budgets: $0.02");
	}

	@Test
	void whatAnEventLoopHasToSettleIsNotedBeforeTheEnd() {
		Budgets budgets = Budgets.of(List.of(daily("1")), new BlockingDisk(this.store), BudgetSettings.DEFAULTS,
				this.events, this.clock);
		Mono<Void> settled = Mono.fromCallable(() -> reserve(budgets, CENT).settle(2 * CENT))
			.subscribeOn(Schedulers.parallel())
			.flatMap((noted) -> noted);
		settled.block(Duration.ofSeconds(10));
		assertThat(status(budgets).usedTicks()).isEqualTo(2 * CENT);
		Mono.fromRunnable(() -> IntStream.range(0, 50).forEach((i) -> reserve(budgets, 1).settle(1)))
			.subscribeOn(Schedulers.parallel())
			.block(Duration.ofSeconds(10));
		budgets.close();
		assertThat(status(budgets).usedTicks()).isEqualTo(2 * CENT + 50);
		Mono.fromRunnable(() -> reserve(budgets, 1).settle(1))
			.subscribeOn(Schedulers.parallel())
			.block(Duration.ofSeconds(10));
		assertThat(status(budgets).usedTicks()).as("after the end").isEqualTo(2 * CENT + 51);
	}

	@Test
	void twoBudgetsAreNotCalledTheSame() {
		assertThatIllegalArgumentException().isThrownBy(() -> budgets(daily("1"), daily("2")));
	}

	private Budgets budgets(Budget... budgets) {
		return Budgets.of(List.of(budgets), this.store, BudgetSettings.DEFAULTS, this.events, this.clock,
				this.clock::nanoTime);
	}

	private static Budget each(String name, String limit) {
		return new Budget(name, Budget.ticks(new BigDecimal(limit)), BudgetWindow.DAY, ZoneId.of("UTC"),
				BudgetScope.MODEL, List.of(), OnExceeded.FAIL, null);
	}

	private static BudgetStatus status(Budgets budgets) {
		assertThat(budgets.status()).hasSize(1);
		return budgets.status().get(0);
	}

	private static Reservation reserve(Budgets budgets, long ticks) {
		return reserve(budgets, new Estimate("grok-4.3", ticks, 0));
	}

	private static Reservation reserve(Budgets budgets, Estimate estimate) {
		return budgets.reserve(new BudgetRequest("default", "grok-4.3", null, (model) -> estimate));
	}

	private static BudgetRequest request(String model, Map<String, Estimate> estimates) {
		return new BudgetRequest("default", model, null, estimates::get);
	}

	private static BudgetRequest of(BudgetScope scope, @Nullable String value) {
		String client = (scope == BudgetScope.CLIENT && value != null) ? value : "default";
		String model = (scope == BudgetScope.MODEL && value != null) ? value : "grok-4.3";
		return new BudgetRequest(client, model, (scope == BudgetScope.TENANT) ? value : null,
				(asked) -> new Estimate(asked, CENT, 0));
	}

	private static Budget daily(String limit) {
		return budget("daily", limit, BudgetWindow.DAY);
	}

	private static Budget budget(String name, String limit, BudgetWindow window) {
		return Budget.of(name, new BigDecimal(limit), window);
	}

	private static Budget budget(String name, String limit, OnExceeded onExceeded, @Nullable String downgradeModel) {
		return new Budget(name, Budget.ticks(new BigDecimal(limit)), BudgetWindow.DAY, ZoneId.of("UTC"),
				BudgetScope.ALL, List.of(), onExceeded, downgradeModel);
	}

}
