package io.github.grokspring.budget;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

import io.github.grokspring.budget.LedgerSettings.Fsync;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A process that is killed at any moment has lost no settlement and invented none, and
 * what it had reserved counts once.
 */
class LedgerCrashTests {

	private static final int KILLS = 4;

	@TempDir
	Path directory;

	@ParameterizedTest
	@EnumSource
	void everySettlementThatCountedIsThereAfterTheProcessWasKilled(Fsync fsync) throws Exception {
		Path file = this.directory.resolve("ledger");
		SplittableRandom random = new SplittableRandom(fsync.ordinal() + 42);
		long before = 0;
		for (int i = 0; i < KILLS; i++) {
			// Enough of them to be killed in a compaction too
			long acknowledged = runAndKill(file, fsync, random.nextInt(100, 30_000));
			try (BudgetStore store = LedgerSpender.open(file, fsync)) {
				long used = store.usage(List.of(LedgerSpender.ALL)).get(0).used();
				long settled = before + LedgerSpender.LOST + acknowledged;
				assertThat(used).as("all that were acknowledged, and the one under way if there was one")
					.isIn(settled, settled + 1, settled + LedgerSpender.UNDER_WAY);
				assertThat(store.usage(List.of(LedgerSpender.TEAM)).get(0).used()).isEqualTo(used);
				assertThat(store.usage(List.of(LedgerSpender.ALL)).get(0).reserved()).isZero();
				before = used;
			}
		}
	}

	/**
	 * Kill a process that settles one tick after the other.
	 * @param after how many settlements are read before
	 * @return how many were acknowledged
	 */
	private long runAndKill(Path file, Fsync fsync, int after) throws IOException, InterruptedException {
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-XX:TieredStopAtLevel=1", "-Xmx64m", "-cp", System.getProperty("java.class.path"),
				LedgerSpender.class.getName(), file.toString(), fsync.name())
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
		try (BufferedReader reader = process.inputReader(StandardCharsets.US_ASCII)) {
			int wanted = (fsync == Fsync.ALWAYS) ? after / 50 : after;
			long acknowledged = 0;
			String line = reader.readLine();
			while (line != null) {
				acknowledged = Long.parseLong(line);
				if (acknowledged == wanted) {
					// not the process itself, which would close its output here
					process.toHandle().destroyForcibly();
				}
				line = reader.readLine();
			}
			assertThat(acknowledged).isGreaterThanOrEqualTo(wanted);
			return acknowledged;
		}
		finally {
			process.destroyForcibly();
			assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
		}
	}

}
