package io.github.grokspring.budget;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.grokspring.budget.BudgetStore.Lease;
import io.github.grokspring.budget.BudgetStore.Usage;
import io.github.grokspring.budget.LedgerSettings.Fsync;
import io.github.grokspring.budget.LedgerSettings.OnFailure;
import io.github.grokspring.error.BudgetStoreException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.test.scheduler.VirtualTimeScheduler;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * What a store with a ledger keeps.
 */
@ExtendWith(OutputCaptureExtension.class)
class FileBudgetStoreTests {

	private static final BudgetKey DAILY = Keys.daily("daily");

	private static final BudgetKey TEAM = Keys.always("team", "blue");

	private final OffsetClock clock = new OffsetClock("2026-11-21T12:00:00Z");

	private final VirtualTimeScheduler scheduler = VirtualTimeScheduler.create();

	private final FullDiskFileSystem disk = new FullDiskFileSystem();

	private final List<FileBudgetStore> open = new ArrayList<>();

	@TempDir
	Path directory;

	@AfterEach
	void close() {
		this.open.forEach(FileBudgetStore::close);
		this.scheduler.dispose();
	}

	@ParameterizedTest
	@EnumSource
	void whatWasSettledIsKnownAgainAndWhatWasReservedCountsAsSpent(Fsync fsync, CapturedOutput output)
			throws IOException {
		FileBudgetStore store = open(fsync, OnFailure.REFUSE);
		spend(store, 25, DAILY, TEAM);
		spend(store, 5, DAILY);
		store.release(reserve(store, 40, TEAM));
		reserve(store, 60_000_000, DAILY);
		reserve(store, 10_000_000, DAILY, TEAM);
		store.close();
		for (int i = 0; i < 3; i++) {
			FileBudgetStore again = open(fsync, OnFailure.REFUSE);
			assertThat(again.usage(List.of(DAILY, TEAM))).containsExactly(new Usage(DAILY, 70_000_030, 0),
					new Usage(TEAM, 10_000_025, 0));
			again.close();
		}
		assertThat(output).containsOnlyOnce("2 calls that were in progress when the previous process ended")
			.contains("count as spent: $0.007");
	}

	@Test
	void whatWasReservedForAWindowThatIsOverIsNotTakenUp() throws IOException {
		FileBudgetStore store = open();
		reserve(store, 60, DAILY, TEAM);
		store.close();
		this.clock.moveTo("2026-11-22T00:00:00Z");
		assertThat(reopened()).containsExactly(new Usage(DAILY, 0, 0), new Usage(TEAM, 60, 0));
	}

	@Test
	void aReservationThatNobodySettledInTimeCountsAtTheNextStart() throws IOException {
		FileBudgetStore store = open();
		Lease late = reserve(store, 60, DAILY);
		reserve(store, 40, DAILY);
		this.clock.moveBy(Duration.ofHours(1));
		spend(store, 5, TEAM);
		store.settle(late, 7);
		store.close();
		assertThat(reopened()).containsExactly(new Usage(DAILY, 47, 0), new Usage(TEAM, 5, 0));
	}

	@Test
	void aReservationThatExpiredBeforeTheLedgerWasReplacedIsSettledOnce() throws IOException {
		FileBudgetStore store = open(Fsync.INTERVAL, OnFailure.REFUSE);
		Lease late = reserve(store, 60, DAILY);
		reserve(store, 40, DAILY);
		this.clock.moveBy(Duration.ofHours(1));
		for (int i = 0; i < 12_000; i++) {
			spend(store, 1, TEAM);
		}
		store.settle(late, 7);
		assertThat(store.usage(List.of(DAILY))).containsExactly(new Usage(DAILY, 47, 0));
		store.close();
		assertThat(reopened()).containsExactly(new Usage(DAILY, 47, 0), new Usage(TEAM, 12_000, 0));
	}

	@Test
	void aReservationThatWasRenewedCountsAsItWasLast() throws IOException {
		FileBudgetStore store = open();
		Lease renewed = reserve(store, 60, DAILY, TEAM);
		Lease again = reserve(store, 5, TEAM);
		this.clock.moveBy(Duration.ofMinutes(30));
		store.renew(renewed, List.of(70L, 20L), Duration.ofHours(1));
		this.clock.moveBy(Duration.ofMinutes(30));
		spend(store, 1, TEAM);
		store.renew(again, List.of(), Duration.ofHours(1));
		store.close();
		assertThat(reopened()).containsExactly(new Usage(DAILY, 70, 0), new Usage(TEAM, 66, 0));
	}

	@Test
	void whatIsReservedWhileTheLedgerIsReplacedIsInIt() throws IOException {
		FileBudgetStore store = open(Fsync.INTERVAL, OnFailure.REFUSE);
		reserve(store, 60, DAILY);
		Lease ended = reserve(store, 40, TEAM);
		for (int i = 0; i < 12_000; i++) {
			spend(store, 1, DAILY);
		}
		store.settle(ended, 3);
		store.close();
		assertThat(Files.readAllLines(file())).hasSizeLessThan(10_100);
		assertThat(reopened()).containsExactly(new Usage(DAILY, 12_060, 0), new Usage(TEAM, 3, 0));
	}

	@Test
	void aReservationThatCannotBeWrittenIsRefusedAndLeavesNothing() throws IOException {
		FileBudgetStore store = open();
		this.disk.hasRoomFor(20);
		assertThatExceptionOfType(BudgetStoreException.class).isThrownBy(() -> reserve(store, 60, DAILY));
		assertThat(store.usage(List.of(DAILY))).containsExactly(new Usage(DAILY, 0, 0));
		this.disk.hasRoomFor(Long.MAX_VALUE);
		this.scheduler.advanceTimeBy(Duration.ofSeconds(1));
		spend(store, 5, DAILY);
		store.close();
		assertThat(reopened()).containsExactly(new Usage(DAILY, 5, 0), new Usage(TEAM, 0, 0));
	}

	@Test
	void aSettlementIsWrittenOnce() throws IOException {
		FileBudgetStore store = open();
		Lease lease = reserve(store, 60, DAILY);
		store.settle(lease, 25);
		assertThat(store.settle(lease, 25)).isEmpty();
		store.release(lease);
		store.close();
		assertThat(reopened()).containsExactly(new Usage(DAILY, 25, 0), new Usage(TEAM, 0, 0));
	}

	@Test
	void aWindowThatIsOverIsNotTakenUpAgain() throws IOException {
		FileBudgetStore store = open();
		spend(store, 25, DAILY, TEAM);
		store.close();
		this.clock.moveTo("2026-11-22T00:00:00Z");
		assertThat(reopened()).containsExactly(new Usage(DAILY, 0, 0), new Usage(TEAM, 25, 0));
	}

	@Test
	void aLedgerThatHasGrownIsReplacedByItsSums() throws IOException {
		FileBudgetStore store = open(Fsync.INTERVAL, OnFailure.REFUSE);
		for (int i = 0; i < 25_000; i++) {
			spend(store, 1, DAILY, TEAM);
		}
		store.close();
		assertThat(Files.readAllLines(file())).hasSizeLessThan(10_100);
		assertThat(reopened()).containsExactly(new Usage(DAILY, 25_000, 0), new Usage(TEAM, 25_000, 0));
	}

	@Test
	void whatIsSettledWhileTheLedgerIsReplacedIsInItOnce() throws Exception {
		FileBudgetStore store = open(Fsync.INTERVAL, OnFailure.REFUSE);
		int threads = 4;
		int each = 15_000;
		ExecutorService executor = Executors.newFixedThreadPool(threads);
		try {
			List<Future<?>> workers = new ArrayList<>();
			for (int i = 0; i < threads; i++) {
				BudgetKey own = Keys.always("team", "team-" + i);
				workers.add(executor.submit(() -> {
					for (int j = 0; j < each; j++) {
						spend(store, 1, DAILY, own);
					}
				}));
			}
			for (Future<?> worker : workers) {
				worker.get(1, TimeUnit.MINUTES);
			}
		}
		finally {
			executor.shutdownNow();
		}
		store.close();
		assertThat(Files.readAllLines(file())).hasSizeLessThan(12_000);
		FileBudgetStore again = open();
		assertThat(again.usage(List.of(DAILY))).containsExactly(new Usage(DAILY, threads * each, 0));
		assertThat(again.usage("team")).hasSize(threads).allMatch((usage) -> usage.used() == each);
	}

	@ParameterizedTest
	@ValueSource(longs = { 0, 1, 30, 60 })
	void whileTheDiskIsFullCallsAreRefusedAndAfterwardsNothingIsMissing(long room, CapturedOutput output)
			throws IOException {
		FileBudgetStore store = open();
		spend(store, 10, DAILY);
		Lease underWay = reserve(store, 50, DAILY, TEAM);
		this.disk.hasRoomFor(room);
		assertThat(store.settle(underWay, 20)).containsExactly(new Usage(DAILY, 30, 0), new Usage(TEAM, 20, 0));
		assertThatExceptionOfType(BudgetStoreException.class).isThrownBy(() -> reserve(store, 1, DAILY))
			.withMessageContaining("cannot be written (No space left on device)")
			.withMessageContaining("was not sent")
			.withMessageContaining("grok.budget.on-write-failure");
		this.scheduler.advanceTimeBy(Duration.ofSeconds(5));
		assertThatExceptionOfType(BudgetStoreException.class).isThrownBy(() -> reserve(store, 1, DAILY));
		this.disk.hasRoomFor(Long.MAX_VALUE);
		this.scheduler.advanceTimeBy(Duration.ofSeconds(1));
		spend(store, 3, TEAM);
		store.close();
		assertThat(reopened()).containsExactly(new Usage(DAILY, 30, 0), new Usage(TEAM, 23, 0));
		assertThat(output).containsOnlyOnce("cannot be written. Calls are refused until it can")
			.contains("can be written again");
	}

	@Test
	void aProcessThatEndsWhileTheDiskIsFullHasInventedNothing() throws IOException {
		FileBudgetStore store = open();
		spend(store, 10, DAILY);
		Lease underWay = reserve(store, 5, DAILY);
		this.disk.hasRoomFor(30);
		store.settle(underWay, 20);
		Path copy = this.directory.resolve("after-the-crash");
		Files.copy(file(), copy);
		FileBudgetStore after = open(copy, Fsync.ALWAYS, OnFailure.REFUSE);
		assertThat(after.usage(List.of(DAILY))).containsExactly(new Usage(DAILY, 15, 0));
	}

	@Test
	void callsGoOnWhileTheDiskIsFullIfTheyAreAllowedTo() throws IOException {
		FileBudgetStore store = open(Fsync.ALWAYS, OnFailure.CONTINUE);
		this.disk.hasRoomFor(0);
		spend(store, 10, DAILY);
		spend(store, 10, DAILY);
		assertThat(store.usage(List.of(DAILY))).containsExactly(new Usage(DAILY, 20, 0));
		this.disk.hasRoomFor(Long.MAX_VALUE);
		this.scheduler.advanceTimeBy(Duration.ofSeconds(1));
		spend(store, 10, DAILY);
		store.close();
		assertThat(reopened()).containsExactly(new Usage(DAILY, 30, 0), new Usage(TEAM, 0, 0));
	}

	@Test
	void whatWasNotWrittenIsWrittenAtTheEnd() throws IOException {
		FileBudgetStore store = open();
		Lease underWay = reserve(store, 5, DAILY);
		this.disk.hasRoomFor(0);
		store.settle(underWay, 10);
		this.disk.hasRoomFor(Long.MAX_VALUE);
		store.close();
		assertThat(reopened()).containsExactly(new Usage(DAILY, 10, 0), new Usage(TEAM, 0, 0));
	}

	@Test
	void whatIsSettledInUnequalPartsIsKnownAgain() throws IOException {
		FileBudgetStore store = open();
		store.settle(reserve(store, 60, DAILY, TEAM), List.of(7L, 0L));
		store.close();
		assertThat(reopened()).containsExactly(new Usage(DAILY, 7, 0), new Usage(TEAM, 0, 0));
	}

	@Test
	void whatWasSpentAlreadyIsCountedThoughTheDiskIsFull() throws IOException {
		FileBudgetStore store = open();
		this.disk.hasRoomFor(0);
		spend(store, 0, DAILY);
		store.settle(reserve(store, 0, DAILY), 10);
		assertThatExceptionOfType(BudgetStoreException.class).isThrownBy(() -> reserve(store, 1, DAILY));
		store.settle(reserve(store, 0, DAILY), 10);
		this.disk.hasRoomFor(Long.MAX_VALUE);
		store.close();
		assertThat(reopened()).containsExactly(new Usage(DAILY, 20, 0), new Usage(TEAM, 0, 0));
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3 })
	void afterACrashInAnyOperationItKnowsWhatWasTrueBeforeItOrAfterIt(long seed) throws IOException {
		SplittableRandom random = new SplittableRandom(seed);
		FileBudgetStore store = open();
		List<Lease> held = new ArrayList<>();
		List<Usage> before = store.usage(List.of(DAILY, TEAM));
		for (int i = 0; i < 30; i++) {
			byte[] old = Files.readAllBytes(file());
			if (held.isEmpty() || random.nextInt(3) == 0) {
				held.add(reserve(store, random.nextInt(1, 100), DAILY, TEAM));
			}
			else {
				Lease lease = held.get(random.nextInt(held.size()));
				switch (random.nextInt(3)) {
					case 0 ->
						store.renew(lease, List.of(random.nextLong(200), random.nextLong(200)), Duration.ofHours(1));
					case 1 -> store.settle(lease, List.of(random.nextLong(200), random.nextLong(200)));
					default -> store.release(lease);
				}
			}
			List<Usage> after = allSpent(store);
			byte[] bytes = Files.readAllBytes(file());
			for (int cut = 0; cut < 4; cut++) {
				byte[] torn = Arrays.copyOf(bytes, random.nextInt(old.length, bytes.length + 1));
				assertThat(afterCrash(torn)).isIn(before, after);
			}
			assertThat(afterCrash(bytes)).isEqualTo(after);
			before = after;
		}
	}

	private List<Usage> afterCrash(byte[] bytes) throws IOException {
		Path copy = Files.write(this.directory.resolve("copy"), bytes);
		try (FileBudgetStore again = open(copy, Fsync.ALWAYS, OnFailure.REFUSE)) {
			List<Usage> usage = again.usage(List.of(DAILY, TEAM));
			again.close();
			try (FileBudgetStore oncemore = open(copy, Fsync.ALWAYS, OnFailure.REFUSE)) {
				assertThat(oncemore.usage(List.of(DAILY, TEAM))).isEqualTo(usage);
			}
			return usage;
		}
	}

	private static List<Usage> allSpent(BudgetStore store) {
		return store.usage(List.of(DAILY, TEAM))
			.stream()
			.map((usage) -> new Usage(usage.key(), usage.used() + usage.reserved(), 0))
			.toList();
	}

	@Test
	void isFreeForOthersThoughTheDiskIsFullAtTheEnd(CapturedOutput output) throws IOException {
		FileBudgetStore store = open();
		spend(store, 10, DAILY);
		this.disk.hasRoomFor(0);
		assertThatExceptionOfType(BudgetStoreException.class).isThrownBy(() -> reserve(store, 1, DAILY));
		store.close();
		assertThat(output).contains("Settlements may be missing");
		this.disk.hasRoomFor(Long.MAX_VALUE);
		assertThat(reopened()).containsExactly(new Usage(DAILY, 10, 0), new Usage(TEAM, 0, 0));
	}

	@Test
	void aThreadThatIsInterruptedSettlesAllTheSame() throws IOException {
		FileBudgetStore store = open();
		Lease lease = reserve(store, 60, DAILY);
		Thread.currentThread().interrupt();
		store.settle(lease, 25);
		assertThat(Thread.interrupted()).isTrue();
		spend(store, 5, DAILY);
		store.close();
		assertThat(reopened()).containsExactly(new Usage(DAILY, 30, 0), new Usage(TEAM, 0, 0));
	}

	@Test
	void saysWhatIsMissingWhenACallEndsTooLate(CapturedOutput output) throws IOException {
		FileBudgetStore store = open();
		Lease lease = reserve(store, 60, DAILY);
		store.close();
		store.settle(lease, 25_000_000_000L);
		assertThat(output).contains("was closed").contains("$2.5");
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void aLedgerThatWasDeletedOrReplacedIsWrittenAnew(boolean replaced, CapturedOutput output) throws IOException {
		FileBudgetStore store = open();
		spend(store, 25, DAILY, TEAM);
		Files.delete(file());
		if (replaced) {
			Files.writeString(file(), "something else");
		}
		spend(store, 5, DAILY);
		assertThat(output).contains("was deleted or replaced");
		Path copy = Files.copy(file(), this.directory.resolve("copy"));
		assertThat(open(copy, Fsync.ALWAYS, OnFailure.REFUSE).usage(List.of(DAILY, TEAM))).extracting(Usage::used)
			.containsExactly(30L, 25L);
		store.close();
		assertThat(reopened()).extracting(Usage::used).containsExactly(30L, 25L);
	}

	@Test
	void aLedgerThatIsDeletedAfterTheLastCallIsThereAgainWithinASecondAndAtTheEnd() throws IOException {
		FileBudgetStore store = open();
		spend(store, 25, DAILY);
		Files.delete(file());
		this.scheduler.advanceTimeBy(Duration.ofSeconds(1));
		assertThat(file()).exists();
		Files.delete(file());
		store.close();
		assertThat(reopened()).extracting(Usage::used).containsExactly(25L, 0L);
	}

	@ParameterizedTest
	@ValueSource(strings = { "reserve", "renew", "settle", "release", "adjust" })
	void aLedgerThatIsDeletedWhileNothingHappensIsThereAfterTheNextWriteOfAnyKind(String write) throws IOException {
		FileBudgetStore store = open();
		spend(store, 25, DAILY);
		Lease lease = reserve(store, 10, DAILY);
		this.scheduler.advanceTimeBy(Duration.ofSeconds(1));
		Files.delete(file());
		long reserved = 10;
		long used = 25;
		switch (write) {
			case "reserve" -> {
				reserve(store, 5, DAILY);
				reserved += 5;
			}
			case "renew" -> {
				store.renew(lease, List.of(40L), Duration.ofHours(1));
				reserved += 30;
			}
			case "settle" -> {
				store.settle(lease, 3);
				used += 3;
				reserved = 0;
			}
			case "release" -> {
				store.release(lease);
				reserved = 0;
			}
			default -> {
				store.adjust(DAILY, -5);
				used -= 5;
			}
		}
		Path copy = Files.copy(file(), this.directory.resolve("copy"));
		assertThat(open(copy, Fsync.ALWAYS, OnFailure.REFUSE).usage(List.of(DAILY))).extracting(Usage::used)
			.containsExactly(used + reserved);
	}

	@Test
	void aReservationIsRefusedWhenADeletedLedgerCannotBeWrittenAnew() throws IOException {
		Path folder = Files.createDirectory(this.directory.resolve("volume"));
		FileBudgetStore store = open(folder.resolve("ledger"), Fsync.ALWAYS, OnFailure.REFUSE);
		spend(store, 25, DAILY);
		Path moved = Files.move(folder, this.directory.resolve("gone"));
		assertThatExceptionOfType(BudgetStoreException.class).isThrownBy(() -> reserve(store, 5, DAILY));
		assertThat(store.usage(List.of(DAILY)).get(0).reserved()).isZero();
		Files.move(moved, folder);
		this.scheduler.advanceTimeBy(Duration.ofSeconds(1));
		assertThat(reserve(store, 5, DAILY)).isNotNull();
	}

	@Test
	void whatWasRestoredWithoutTheTypeOfItsScopeBelongsToTheFirstThatAsksForIt() throws IOException {
		BudgetKey untyped = new BudgetKey("team", "blue", BudgetPeriod.ALWAYS);
		spend(open(), 25, untyped);
		close();
		FileBudgetStore store = open();
		BudgetKey client = new BudgetKey("team", "blue", BudgetPeriod.ALWAYS, BudgetScope.CLIENT);
		spend(store, 5, client);
		assertThat(store.usage(List.of(client, TEAM))).extracting(Usage::used).containsExactly(30L, 0L);
		store.close();
		assertThat(open().usage("team")).containsExactly(new Usage(client, 30, 0));
	}

	@Test
	void isClosedMoreThanOnce() throws IOException {
		FileBudgetStore store = open();
		store.close();
		assertThatNoException().isThrownBy(store::close);
	}

	@Test
	void ledgersThatCouldNotBeOpenedCanBeOpenedLater() throws IOException {
		for (int reads = 0; reads < 3; reads++) {
			FileBudgetStore store = open();
			reserve(store, 60, DAILY);
			store.close();
			AtomicInteger good = new AtomicInteger(reads);
			InstantSource faulty = () -> {
				if (good.getAndDecrement() <= 0) {
					throw new IllegalStateException("The clock is out of order");
				}
				return this.clock.instant();
			};
			try {
				FileBudgetStore
					.open(new LedgerSettings(file(), Fsync.ALWAYS, OnFailure.REFUSE), faulty, this.clock::nanoTime,
							this.scheduler, this.disk)
					.close();
			}
			catch (IllegalStateException ex) {
				assertThat(ex).hasMessage("The clock is out of order");
			}
			open().close();
		}
	}

	private FileBudgetStore open() throws IOException {
		return open(Fsync.ALWAYS, OnFailure.REFUSE);
	}

	private FileBudgetStore open(Fsync fsync, OnFailure onFailure) throws IOException {
		return open(file(), fsync, onFailure);
	}

	private FileBudgetStore open(Path file, Fsync fsync, OnFailure onFailure) throws IOException {
		FileBudgetStore store = FileBudgetStore.open(new LedgerSettings(file, fsync, onFailure), this.clock,
				this.clock::nanoTime, this.scheduler, this.disk);
		this.open.add(store);
		return store;
	}

	private List<Usage> reopened() throws IOException {
		return open().usage(List.of(DAILY, TEAM));
	}

	private Path file() {
		return this.directory.resolve("ledger");
	}

	private Lease reserve(BudgetStore store, long ticks, BudgetKey... keys) {
		return store.reserve(Keys.asking(ticks, Keys.upTo(Long.MAX_VALUE, keys)), Duration.ofHours(1)).lease();
	}

	private void spend(BudgetStore store, long ticks, BudgetKey... keys) {
		store.settle(reserve(store, ticks, keys), ticks);
	}

}
