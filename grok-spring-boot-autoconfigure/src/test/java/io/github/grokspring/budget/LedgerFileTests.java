package io.github.grokspring.budget;

import java.io.BufferedReader;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What stands in a ledger, and what is made of it.
 */
@ExtendWith(OutputCaptureExtension.class)
class LedgerFileTests {

	private static final List<LedgerRecord> RECORDS = List.of(record(1, Keys.daily("daily")),
			record(Long.MAX_VALUE, Keys.daily("daily"), Keys.always("team", "blue")),
			record(3, Keys.always("odd name/with % and ü", "a tenant\nof two lines")));

	@TempDir
	Path directory;

	@Test
	void whatWasWrittenIsRead() throws IOException {
		write(file(), RECORDS);
		assertThat(read(file())).isEqualTo(RECORDS);
	}

	@Test
	void aRecordIsALineThatAPersonCanRead() throws IOException {
		write(file(), List.of(record(46_875_000, Keys.daily("daily"))));
		assertThat(Files.readAllLines(file())).containsExactly("grok-budget-ledger 1",
				"4b9c7ee7 spent 7 1795273200000 46875000/daily/all/day/1795219200/1795305600/all");
	}

	@ParameterizedTest
	@CsvSource({ "all, ALL", "blue," })
	void aRecordThatDoesNotTellTheTypeOfItsScopeIsRead(String scope, @Nullable BudgetScope type) {
		byte[] line = checked("spent 7 1795273200000 46875000/daily/" + scope + "/day/1795219200/1795305600");
		BudgetPeriod day = Keys.daily("daily").period();
		assertThat(LedgerRecord.read(line, 0, line.length - 1).amounts())
			.containsExactly(new LedgerRecord.Amount(46_875_000, new BudgetKey("daily", scope, day, type)));
	}

	@Test
	void cutOffAnywhereItHasTheRecordsThatAreWholeAndGoesOnBehindThem() throws IOException {
		write(file(), RECORDS);
		byte[] whole = Files.readAllBytes(file());
		List<Integer> ends = new ArrayList<>();
		for (int i = 0; i < whole.length; i++) {
			if (whole[i] == '\n') {
				ends.add(i + 1);
			}
		}
		LedgerRecord more = record(7, Keys.daily("more"));
		for (int length = 0; length <= whole.length; length++) {
			Path torn = this.directory.resolve("torn-" + length);
			Files.write(torn, Arrays.copyOf(whole, length));
			int reached = length;
			int complete = (int) ends.stream().filter((end) -> end <= reached).count() - 1;
			List<LedgerRecord> expected = new ArrayList<>(RECORDS.subList(0, Math.max(0, complete)));
			assertThat(read(torn)).as("cut off at %d", length).isEqualTo(expected);
			write(torn, List.of(more));
			expected.add(more);
			assertThat(read(torn)).as("goes on after %d", length).isEqualTo(expected);
		}
	}

	@Test
	void saysThatAnEndWasCutOff(CapturedOutput output) throws IOException {
		write(file(), RECORDS);
		byte[] whole = Files.readAllBytes(file());
		Files.write(file(), Arrays.copyOf(whole, whole.length - 5));
		read(file());
		assertThat(output).contains("bytes of the ledger '" + file() + "' were cut off");
	}

	@Test
	void aBitThatFlippedIsNotTaken() throws IOException {
		write(file(), RECORDS.subList(0, 1));
		byte[] whole = Files.readAllBytes(file());
		for (int i = LedgerContent.HEADER.length; i < whole.length - 1; i++) {
			byte[] flipped = whole.clone();
			flipped[i] ^= 1;
			Files.write(file(), flipped);
			assertThat(LedgerContent.read(file()).records()).as("byte %d", i).isEmpty();
		}
	}

	@Test
	void whatALeaseHoldsIsReadToo() throws IOException {
		LedgerRecord held = LedgerRecord.held(Long.MAX_VALUE, Instant.parse("2026-11-21T15:00:00Z"),
				List.of(new LedgerRecord.Amount(5, Keys.daily("daily")),
						new LedgerRecord.Amount(7, Keys.always("team", "blue"))));
		LedgerRecord released = LedgerRecord.released(Long.MAX_VALUE, Instant.parse("2026-11-21T15:00:01Z"));
		write(file(), List.of(held, released));
		assertThat(read(file())).containsExactly(held, released);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 20, 21, 30, 100, 4096, 10_000 })
	void zerosForAnEndThatHasNotReachedTheDiskAreCutOff(int zeros, CapturedOutput output) throws IOException {
		write(file(), RECORDS);
		byte[] whole = Files.readAllBytes(file());
		for (int kept : new int[] { 0, whole.length - 5, whole.length }) {
			Files.write(file(), Arrays.copyOf(Arrays.copyOf(whole, kept), kept + zeros));
			List<LedgerRecord> expected = new ArrayList<>(
					(kept == 0) ? List.of() : (kept == whole.length) ? RECORDS : RECORDS.subList(0, 2));
			assertThat(read(file())).isEqualTo(expected);
			write(file(), List.of(RECORDS.get(0)));
			expected.add(RECORDS.get(0));
			assertThat(read(file())).isEqualTo(expected);
		}
		assertThat(output).contains("bytes of the ledger '" + file() + "' were cut off");
	}

	@Test
	void zerosWithinTheLastBlockAreCutOutAndWhatFollowsThemStays(CapturedOutput output) throws IOException {
		List<LedgerRecord> many = new ArrayList<>();
		for (int i = 0; i < 200; i++) {
			many.add(record(i, Keys.daily("daily")));
		}
		write(file(), many);
		byte[] bytes = Files.readAllBytes(file());
		int block = (bytes.length - 1) / 4096 * 4096;
		Arrays.fill(bytes, block + 100, block + 600, (byte) 0);
		Files.write(file(), bytes);
		List<LedgerRecord> left = read(file());
		assertThat(left).isSubsetOf(many).hasSizeBetween(185, 199).endsWith(many.get(199));
		assertThat(output).contains("bytes within the last block of the ledger '" + file() + "' were cut out");
		assertThat(read(file())).isEqualTo(left);
		Arrays.fill(bytes, block - 600, block - 500, (byte) 0);
		Files.write(file(), bytes);
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> read(file()))
			.withMessageContaining("is damaged, and good ones follow");
	}

	@Test
	void damageBeforeGoodRecordsIsNotPassedOver() throws IOException {
		write(file(), RECORDS);
		byte[] bytes = Files.readAllBytes(file());
		bytes[LedgerContent.HEADER.length + 12] ^= 1;
		Files.write(file(), bytes);
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> read(file()))
			.withMessageContaining("its line 2 is damaged");
		assertThat(file()).hasBinaryContent(bytes);
	}

	@ParameterizedTest
	@ValueSource(strings = { "notes of mine\n", "{", "grok-budget-ledger 2\n", "grok-budget-ledger 2", "\n" })
	void aFileThatIsNoLedgerIsLeftAlone(String content) throws IOException {
		Files.writeString(file(), content);
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> read(file()))
			.withMessageContaining("it is not a budget ledger");
		assertThat(file()).hasContent(content);
	}

	@Test
	void aRightChecksumOfNonsenseIsNotTaken() throws IOException {
		for (String content : new String[] { "", "x", "spent", "spent 1", "spent 1 x", "lost 1 1", "spent 1 1 key",
				"spent 1 1 1/a/b/day/1", "spent 1 1 1/a/b/century/1/2", "spent 1 1 1/a/b/day/x/2",
				"spent 1 1 1/a/b/day/99999999999999999/2", "spent 1 1 1/%zz/b/day/1/2", "spent 1 1 x/a/b/day/1/2",
				"held 1 1 -1/a/b/day/1/2", "spent 1 1 1/a/b/day/1/2/planet" }) {
			byte[] line = checked(content);
			assertThat(LedgerRecord.read(line, 0, line.length - 1)).as(content).isNull();
		}
	}

	private static byte[] checked(String content) {
		CRC32C checksum = new CRC32C();
		checksum.update(content.getBytes(StandardCharsets.US_ASCII));
		return "%08x %s\n".formatted(checksum.getValue(), content).getBytes(StandardCharsets.US_ASCII);
	}

	@Test
	void hasOneWriter() throws IOException {
		try (LedgerFile first = open(file(), new ArrayList<>())) {
			assertThatExceptionOfType(LedgerInUseException.class).isThrownBy(() -> read(file()))
				.withMessageContaining("in use by another process");
			first.append(RECORDS.get(0));
		}
		assertThat(read(file())).containsExactly(RECORDS.get(0));
	}

	@Test
	void aSecondWriterOfTheSameProcessThatWasRefusedDoesNotLetAnotherProcessIn() throws Exception {
		try (LedgerFile first = open(file(), new ArrayList<>())) {
			assertThatExceptionOfType(LedgerInUseException.class).isThrownBy(() -> read(file()));
			Process other = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
					"-XX:TieredStopAtLevel=1", "-Xmx64m", "-cp", System.getProperty("java.class.path"),
					LedgerSpender.class.getName(), file().toString(), "INTERVAL")
				.redirectErrorStream(true)
				.start();
			try (BufferedReader reader = other.inputReader(StandardCharsets.US_ASCII)) {
				assertThat(reader.readLine()).contains(LedgerInUseException.class.getName());
			}
			finally {
				other.destroyForcibly();
				assertThat(other.waitFor(30, TimeUnit.SECONDS)).isTrue();
			}
			first.append(RECORDS.get(0));
		}
		assertThat(read(file())).containsExactly(RECORDS.get(0));
	}

	@Test
	void isTheSameByWhateverLinkItIsReached() throws IOException {
		Path link = Files.createSymbolicLink(this.directory.resolve("link"), Path.of("ledger"));
		Path shelf = Files.createSymbolicLink(this.directory.resolve("shelf"), this.directory);
		try (LedgerFile ledger = open(link, new ArrayList<>())) {
			for (Path other : List.of(file(), link, shelf.resolve("ledger"), shelf.resolve("link"),
					this.directory.resolve("./ledger"))) {
				assertThatExceptionOfType(LedgerInUseException.class).as(other.toString())
					.isThrownBy(() -> read(other));
			}
			ledger.replace(RECORDS);
		}
		assertThat(link).isSymbolicLink();
		assertThat(read(file())).isEqualTo(RECORDS);
	}

	@Test
	void aLinkThatLeadsToItselfIsNoLedger() throws IOException {
		Path link = Files.createSymbolicLink(file(), Path.of("ledger"));
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> read(link));
	}

	@Test
	void oneThatCouldNotBeOpenedIsNotInUse() throws IOException {
		Files.writeString(file(), "notes of mine\n");
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> read(file()));
		Files.delete(file());
		assertThat(read(file())).isEmpty();
	}

	@Test
	void isReplacedAsAWhole() throws IOException {
		List<LedgerRecord> fewer = List.of(record(9, Keys.daily("daily")));
		try (LedgerFile ledger = open(file(), new ArrayList<>())) {
			ledger.append(RECORDS.get(0));
			ledger.append(RECORDS.get(1));
			ledger.replace(fewer);
			assertThat(ledger.records()).isOne();
			ledger.sync(ledger.append(RECORDS.get(2)));
		}
		assertThat(read(file())).containsExactly(fewer.get(0), RECORDS.get(2));
		assertThat(this.directory.resolve("ledger.new")).doesNotExist();
	}

	@Test
	void theOldOneStaysWhenTheNewOneCannotBeWritten() throws IOException {
		Path file = file();
		LedgerFile.Opener noRoomForASecondFile = (path) -> {
			if (!path.equals(file)) {
				throw new IOException("No space left on device");
			}
			return new FileOutputStream(path.toFile(), true);
		};
		try (LedgerFile ledger = LedgerFile.open(file, noRoomForASecondFile, (records) -> {
		})) {
			ledger.append(RECORDS.get(0));
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> ledger.replace(List.of()));
			ledger.append(RECORDS.get(1));
		}
		assertThat(read(file)).containsExactly(RECORDS.get(0), RECORDS.get(1));
	}

	@Test
	void whatAReplacementLeftBehindIsOverwritten() throws IOException {
		Files.writeString(this.directory.resolve("ledger.new"), "half a line of a process that was killed");
		try (LedgerFile ledger = open(file(), new ArrayList<>())) {
			ledger.replace(RECORDS);
		}
		assertThat(read(file())).isEqualTo(RECORDS);
	}

	@Test
	void aHardLinkIsTheSameLedger() throws IOException {
		try (LedgerFile ledger = open(file(), new ArrayList<>())) {
			ledger.append(RECORDS.get(0));
			Path other = Files.createDirectory(this.directory.resolve("other")).resolve("link");
			Files.createLink(other, file());
			assertThatExceptionOfType(LedgerInUseException.class).isThrownBy(() -> open(other, new ArrayList<>()));
			ledger.append(RECORDS.get(1));
			ledger.replace(RECORDS);
			open(other, new ArrayList<>()).close();
		}
		assertThat(read(file())).isEqualTo(RECORDS);
	}

	@Test
	void makesItsDirectory() throws IOException {
		Path deep = this.directory.resolve("a/b/ledger");
		write(deep, RECORDS);
		assertThat(read(deep)).isEqualTo(RECORDS);
	}

	private Path file() {
		return this.directory.resolve("ledger");
	}

	private static LedgerRecord record(long ticks, BudgetKey... keys) {
		return LedgerRecord.spent(7, Instant.parse("2026-11-21T15:00:00Z"),
				Stream.of(keys).map((key) -> new LedgerRecord.Amount(ticks, key)).toList());
	}

	private static void write(Path file, List<LedgerRecord> records) throws IOException {
		try (LedgerFile ledger = open(file, new ArrayList<>())) {
			for (LedgerRecord record : records) {
				ledger.append(record);
			}
		}
	}

	private static List<LedgerRecord> read(Path file) throws IOException {
		List<LedgerRecord> records = new ArrayList<>();
		open(file, records).close();
		return records;
	}

	private static LedgerFile open(Path file, List<LedgerRecord> records) throws IOException {
		return LedgerFile.open(file, LedgerFile.Opener.DISK, records::addAll);
	}

}
