package io.github.grokspring.budget;

import java.time.Duration;
import java.util.List;

import io.github.grokspring.budget.BudgetStore.Claim;
import io.github.grokspring.budget.BudgetStore.Decision;
import io.github.grokspring.budget.BudgetStore.Lease;
import io.github.grokspring.budget.BudgetStore.Usage;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * What a store in memory keeps.
 */
class MemoryBudgetStoreTests {

	private static final Duration LEASE = Duration.ofHours(1);

	private static final BudgetKey DAILY = Keys.daily("daily");

	private static final BudgetKey TEAM = Keys.always("team", "blue");

	private final OffsetClock clock = new OffsetClock("2026-11-21T12:00:00Z");

	private final BudgetStore store = BudgetStore.inMemory(this.clock, this.clock::nanoTime);

	@Test
	void whatIsReservedIsNotThereForOthers() {
		assertThat(reserve(60, Keys.upTo(100, DAILY)).lease()).isNotNull();
		Decision decision = reserve(41, Keys.upTo(100, DAILY));
		assertThat(decision.lease()).isNull();
		assertThat(decision.refused()).isZero();
		assertThat(decision.usage()).containsExactly(new Usage(DAILY, 0, 60));
		assertThat(reserve(40, Keys.upTo(100, DAILY)).usage()).containsExactly(new Usage(DAILY, 0, 100));
	}

	@Test
	void oneKeyWithoutRoomLeavesTheOthersAsTheyAre() {
		Decision decision = reserve(60, List.of(new Claim(DAILY, 100, 0), new Claim(TEAM, 50, 0)));
		assertThat(decision.lease()).isNull();
		assertThat(decision.refused()).isOne();
		assertThat(usage(DAILY, TEAM)).containsExactly(new Usage(DAILY, 0, 0), new Usage(TEAM, 0, 0));
	}

	@Test
	void aSettlementTakesThePlaceOfItsReservation() {
		Lease lease = reserve(60, List.of(new Claim(DAILY, 100, 0), new Claim(TEAM, 100, 0))).lease();
		assertThat(this.store.settle(lease, 25)).containsExactly(new Usage(DAILY, 25, 0), new Usage(TEAM, 25, 0));
		assertThat(reserve(75, Keys.upTo(100, DAILY)).lease()).isNotNull();
	}

	@Test
	void aSettlementMayBeMoreThanWasReserved() {
		Lease lease = reserve(10, Keys.upTo(100, DAILY)).lease();
		assertThat(this.store.settle(lease, 250)).containsExactly(new Usage(DAILY, 250, 0));
		assertThat(reserve(1, Keys.upTo(100, DAILY)).lease()).isNull();
	}

	@Test
	void aLeaseIsSettledOnce() {
		Lease lease = reserve(60, Keys.upTo(100, DAILY)).lease();
		this.store.settle(lease, 25);
		assertThat(this.store.settle(lease, 25)).isEmpty();
		this.store.release(lease);
		assertThat(usage(DAILY)).containsExactly(new Usage(DAILY, 25, 0));
	}

	@Test
	void aLeaseThatWasReleasedIsNotSettled() {
		Lease lease = reserve(60, Keys.upTo(100, DAILY)).lease();
		this.store.release(lease);
		this.store.release(lease);
		assertThat(this.store.settle(lease, 25)).isEmpty();
		assertThat(usage(DAILY)).containsExactly(new Usage(DAILY, 0, 0));
	}

	@Test
	void aLeaseThatNobodyEndsCountsAsSpentUntilItIsSettled() {
		Lease lease = reserve(60, Keys.upTo(100, DAILY)).lease();
		this.clock.moveBy(LEASE.minusMillis(1));
		assertThat(usage(DAILY)).containsExactly(new Usage(DAILY, 0, 60));
		this.clock.moveBy(Duration.ofMillis(1));
		assertThat(usage(DAILY)).containsExactly(new Usage(DAILY, 60, 0));
		assertThat(reserve(41, Keys.upTo(100, DAILY)).lease()).isNull();
		assertThat(this.store.settle(lease, 10)).containsExactly(new Usage(DAILY, 10, 0));
		assertThat(this.store.settle(lease, 10)).isEmpty();
		this.store.renew(lease, List.of(), LEASE);
		assertThat(usage(DAILY)).containsExactly(new Usage(DAILY, 10, 0));
	}

	@Test
	void aLeaseThatHasExpiredIsReleased() {
		Lease lease = reserve(60, Keys.upTo(100, DAILY)).lease();
		this.clock.moveBy(LEASE);
		assertThat(usage(DAILY)).containsExactly(new Usage(DAILY, 60, 0));
		this.store.release(lease);
		assertThat(usage(DAILY)).containsExactly(new Usage(DAILY, 0, 0));
	}

	@Test
	void aCorrectionAppliesToWhatHasExpired() {
		Lease lease = reserve(60, Keys.upTo(100, DAILY, TEAM)).lease();
		this.clock.moveBy(LEASE);
		assertThat(this.store.adjust(DAILY, -50)).isEqualTo(new Usage(DAILY, 10, 0));
		assertThat(this.store.settle(lease, 5)).containsExactly(new Usage(DAILY, 15, 0), new Usage(TEAM, 5, 0));
	}

	@Test
	void ofVeryManyExpiredLeasesTheOldestCountAsSpentForGood() {
		Lease oldest = reserve(1, Keys.upTo(Long.MAX_VALUE, TEAM)).lease();
		for (int i = 0; i < 10_000; i++) {
			reserve(1, Keys.upTo(Long.MAX_VALUE, TEAM));
		}
		this.clock.moveBy(LEASE);
		assertThat(usage(TEAM)).containsExactly(new Usage(TEAM, 10_001, 0));
		assertThat(this.store.settle(oldest, 7)).isEmpty();
		assertThat(usage(TEAM)).containsExactly(new Usage(TEAM, 10_001, 0));
	}

	@Test
	void oneReadingOfAClockThatIsFarAheadForgetsNothing() {
		this.store.settle(reserve(1, Keys.upTo(100, DAILY)).lease(), 25);
		this.clock.moveTo("2027-11-21T12:00:00Z");
		usage(DAILY);
		this.clock.moveTo("2026-11-21T12:00:00Z");
		this.clock.moveBy(Duration.ofMinutes(2));
		assertThat(usage(DAILY)).containsExactly(new Usage(DAILY, 25, 0));
	}

	@Test
	void aLeaseTakesNoNoticeOfAClockThatIsSet() {
		reserve(60, Keys.upTo(100, DAILY));
		this.clock.moveTo("2026-11-21T23:00:00Z");
		assertThat(usage(DAILY)).containsExactly(new Usage(DAILY, 0, 60));
		this.clock.moveTo("2026-11-21T02:00:00Z");
		this.clock.moveBy(LEASE);
		assertThat(usage(DAILY)).containsExactly(new Usage(DAILY, 60, 0));
	}

	@Test
	void aLeaseOfAnyLengthIsHeld() {
		this.store.reserve(Keys.asking(60, Keys.upTo(100, DAILY)), Duration.ofSeconds(Long.MAX_VALUE));
		this.clock.moveBy(Duration.ofDays(365));
		assertThat(this.store.usage(List.of(DAILY)).get(0).reserved()).isEqualTo(60);
	}

	@Test
	void aLeaseThatIsRenewedLastsLongerAndIsAsLargeAsIsWanted() {
		Lease lease = reserve(60, Keys.upTo(100, DAILY, TEAM)).lease();
		this.clock.moveBy(LEASE.minusMinutes(1));
		this.store.renew(lease, List.of(), LEASE);
		this.clock.moveBy(LEASE.minusMinutes(1));
		assertThat(usage(DAILY, TEAM)).containsExactly(new Usage(DAILY, 0, 60), new Usage(TEAM, 0, 60));
		this.store.renew(lease, List.of(50L, 250L), LEASE);
		assertThat(usage(DAILY, TEAM)).containsExactly(new Usage(DAILY, 0, 60), new Usage(TEAM, 0, 250));
		this.clock.moveBy(LEASE);
		assertThat(usage(DAILY, TEAM)).containsExactly(new Usage(DAILY, 60, 0), new Usage(TEAM, 250, 0));
		this.store.renew(lease, List.of(), LEASE);
		assertThat(usage(DAILY, TEAM)).containsExactly(new Usage(DAILY, 0, 60), new Usage(TEAM, 0, 250));
		this.store.settle(lease, 1);
		this.store.renew(lease, List.of(70L, 70L), LEASE);
		assertThat(usage(DAILY, TEAM)).containsExactly(new Usage(DAILY, 1, 0), new Usage(TEAM, 1, 0));
	}

	@Test
	void aLeaseIsRenewedWithAnAmountForEachOfItsKeys() {
		Lease lease = reserve(60, Keys.upTo(100, DAILY, TEAM)).lease();
		assertThatIllegalArgumentException().isThrownBy(() -> this.store.renew(lease, List.of(1L), LEASE));
		assertThatIllegalArgumentException().isThrownBy(() -> this.store.renew(lease, List.of(1L, -1L), LEASE));
	}

	@Test
	void reservationsThatDoNotFitInALongStopBeforeItAndAreGivenBackAsFarAsTheyWereMade() {
		Lease small = reserve(100, Keys.upTo(Long.MAX_VALUE, DAILY)).lease();
		Lease large = reserve(Long.MAX_VALUE, Keys.upTo(Long.MAX_VALUE, DAILY)).lease();
		Lease third = reserve(7, Keys.upTo(Long.MAX_VALUE, DAILY)).lease();
		assertThat(usage(DAILY)).containsExactly(new Usage(DAILY, 0, Long.MAX_VALUE));
		assertThat(reserve(1, Keys.upTo(Long.MAX_VALUE - 1, DAILY)).lease()).isNull();
		this.store.release(large);
		assertThat(usage(DAILY)).containsExactly(new Usage(DAILY, 0, 100));
		this.store.release(third);
		this.store.release(small);
		assertThat(usage(DAILY)).containsExactly(new Usage(DAILY, 0, 0));
	}

	@Test
	void aLeaseThatHasExpiredIsSettledAllTheSameAndOnce() {
		Lease lease = reserve(60, Keys.upTo(100, DAILY)).lease();
		this.clock.moveBy(LEASE);
		usage(DAILY);
		assertThat(this.store.settle(lease, 25)).containsExactly(new Usage(DAILY, 25, 0));
		assertThat(this.store.settle(lease, 25)).isEmpty();
		assertThat(usage(DAILY)).containsExactly(new Usage(DAILY, 25, 0));
	}

	@Test
	void leasesExpireInTheirOrderWhateverTheOrderOfTheirCreation() {
		this.store.reserve(Keys.asking(1, Keys.upTo(100, DAILY)), Duration.ofSeconds(30));
		this.store.reserve(Keys.asking(2, Keys.upTo(100, DAILY)), Duration.ofSeconds(10));
		Lease settled = this.store.reserve(Keys.asking(4, Keys.upTo(100, DAILY)), Duration.ofSeconds(20)).lease();
		this.store.reserve(Keys.asking(8, Keys.upTo(100, DAILY)), Duration.ofSeconds(20));
		this.store.release(settled);
		this.clock.moveBy(Duration.ofSeconds(10));
		assertThat(usage(DAILY)).containsExactly(new Usage(DAILY, 2, 9));
		this.clock.moveBy(Duration.ofSeconds(10));
		assertThat(usage(DAILY)).containsExactly(new Usage(DAILY, 10, 1));
		this.clock.moveBy(Duration.ofSeconds(10));
		assertThat(usage(DAILY)).containsExactly(new Usage(DAILY, 11, 0));
	}

	@Test
	void aSettlementAfterTheWindowRolledGoesToTheWindowOfItsReservation() {
		Lease lease = reserve(60, Keys.upTo(100, DAILY)).lease();
		this.clock.moveTo("2026-11-22T00:10:00Z");
		BudgetKey tomorrow = Keys.daily("daily", this.clock.instant());
		this.store.settle(lease, 25);
		assertThat(usage(DAILY, tomorrow)).containsExactly(new Usage(DAILY, 25, 0), new Usage(tomorrow, 0, 0));
	}

	@Test
	void windowsThatAreLongOverAreForgottenAndOthersAreNot() {
		this.store.settle(reserve(1, Keys.upTo(100, DAILY, TEAM)).lease(), 25);
		this.clock.moveBy(Duration.ofMinutes(12 * 60 + 30));
		assertThat(usage(DAILY)).containsExactly(new Usage(DAILY, 25, 0));
		this.clock.moveBy(Duration.ofHours(1));
		assertThat(usage(DAILY, TEAM)).containsExactly(new Usage(DAILY, 0, 0), new Usage(TEAM, 25, 0));
	}

	@Test
	void whatABudgetHasIsToldByItsName() {
		this.store.settle(reserve(1, Keys.upTo(100, DAILY, TEAM)).lease(), 25);
		BudgetKey red = Keys.always("team", "red");
		reserve(7, Keys.upTo(100, red));
		reserve(200, Keys.upTo(100, Keys.always("team", "green")));
		assertThat(this.store.usage("team")).containsExactlyInAnyOrder(new Usage(TEAM, 25, 0), new Usage(red, 0, 7));
		assertThat(this.store.usage("daily")).containsExactly(new Usage(DAILY, 25, 0));
		this.clock.moveTo("2026-11-22T00:00:00Z");
		assertThat(this.store.usage("daily")).isEmpty();
	}

	@Test
	void amountsThatDoNotFitInALongStopBeforeIt() {
		this.store.settle(reserve(1, Keys.upTo(Long.MAX_VALUE, DAILY)).lease(), Long.MAX_VALUE);
		this.store.settle(reserve(1, Keys.upTo(Long.MAX_VALUE, DAILY)).lease(), Long.MAX_VALUE);
		assertThat(usage(DAILY)).containsExactly(new Usage(DAILY, Long.MAX_VALUE, 0));
		assertThat(reserve(1, Keys.upTo(Long.MAX_VALUE - 1, DAILY)).lease()).isNull();
	}

	@Test
	void amountsBelowZeroAreRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> reserve(-1, Keys.upTo(100, DAILY)));
		Lease lease = reserve(1, Keys.upTo(100, DAILY)).lease();
		assertThatIllegalArgumentException().isThrownBy(() -> this.store.settle(lease, -1));
	}

	@Test
	void aLeaseKnowsWhatItIs() {
		Lease lease = reserve(5, Keys.upTo(100, DAILY, TEAM)).lease();
		Lease other = reserve(5, Keys.upTo(100, DAILY, TEAM)).lease();
		assertThat(lease.id()).isNotEqualTo(other.id());
		assertThat(lease.keys()).containsExactly(DAILY, TEAM);
		assertThat(lease.ticks()).isEqualTo(5);
	}

	private Decision reserve(long ticks, List<Claim> claims) {
		return this.store.reserve(Keys.asking(ticks, claims), LEASE);
	}

	private List<Usage> usage(BudgetKey... keys) {
		return this.store.usage(List.of(keys));
	}

}
