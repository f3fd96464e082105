package io.github.grokspring.redaction;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link Detection} with a table of values that are real or merely look so. All
 * values are made up.
 */
class DetectionTests {

	private static final Pattern MADE_UP = Pattern.compile("\\{([auhd]?)(\\d*)}");

	private static final Redactor EVERYTHING = Redactor.detecting(EnumSet.allOf(Detection.class), Set.of("US"));

	@ParameterizedTest
	@MethodSource("samples")
	void detectsPrivateValuesOnly(Sample sample) {
		assertThat(sample.found()).isEqualTo(sample.expected());
	}

	@Test
	void accuracyIsHigh() throws IOException {
		Map<String, int[]> counts = new TreeMap<>();
		for (Sample sample : samples()) {
			int[] count = counts.computeIfAbsent(sample.kind(), (kind) -> new int[3]);
			List<String> missed = new ArrayList<>(sample.expected());
			sample.found().forEach((value) -> count[missed.remove(value) ? 0 : 1]++);
			count[2] += missed.size();
		}
		StringBuilder table = new StringBuilder("kind, found, in vain, missed, precision, recall\n");
		counts.forEach((kind, count) -> {
			double precision = (double) count[0] / (count[0] + count[1]);
			double recall = (double) count[0] / (count[0] + count[2]);
			table.append(String.format(Locale.ROOT, "%s, %d, %d, %d, %.3f, %.3f%n", kind, count[0], count[1], count[2],
					precision, recall));
			assertThat(precision).as("precision of %s", kind).isGreaterThanOrEqualTo(0.95);
			assertThat(recall).as("recall of %s", kind).isGreaterThanOrEqualTo(0.95);
		});
		System.out.println(table);
		assertThat(counts.keySet())
			.containsExactlyInAnyOrderElementsOf(EnumSet.allOf(Detection.class).stream().map(Detection::kind).toList());
	}

	@Test
	void detectsCompletePrivateKeys() {
		String dashes = "-".repeat(5);
		String key = dashes + "BEGIN RSA PRIVATE KEY" + dashes + "\nProc-Type: 4,ENCRYPTED\n\n" + "MIIEabc+/=".repeat(9)
				+ "\n" + dashes + "END RSA PRIVATE KEY" + dashes;
		assertThat(values("my key:\n" + key + "\nkeep it")).containsExactly(key);
		String joined = key.replace("\n", "\\n");
		assertThat(values("{\"key\":\"" + joined + "\"}")).containsExactly(joined);
		String broken = dashes + "BEGIN PRIVATE KEY" + dashes + "\n" + "MIIEabc+/=".repeat(9);
		assertThat(values(broken + " and then?")).containsExactly(broken);
		assertThat(values("It begins with " + dashes + "BEGIN PRIVATE KEY" + dashes + " and is long.")).isEmpty();
		assertThat(values(dashes + "BEGIN PUBLIC KEY" + dashes + "\nMIIE\n" + dashes + "END PUBLIC KEY" + dashes))
			.isEmpty();
	}

	@Test
	void detectsNumbersOfConfiguredRegions() {
		assertThat(Redactor.detecting(Set.of(Detection.PHONE), Set.of("de")).find("Ruf an: 030/901820"))
			.containsExactly(new DetectedValue("phone", 8, 18, false));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> Redactor.detecting(Set.of(Detection.PHONE), Set.of("Narnia")))
			.withMessageContaining("NARNIA");
	}

	@Test
	void detectsConfiguredKindsOnly() {
		Redactor emails = Redactor.detecting(Set.of(Detection.EMAIL), Set.of());
		assertThat(emails.find("ada@example.com 203.0.113.7 4111111111111111"))
			.containsExactly(new DetectedValue("email", 0, 15, false));
		assertThat(emails).hasToString("DetectingRedactor[EMAIL]");
	}

	@Test
	void mergesOverlappingValues() {
		Redactor both = Redactor.all(List.of((text) -> List.of(new DetectedValue("a", 2, 6)),
				(text) -> List.of(new DetectedValue("b", 4, 9), new DetectedValue("c", 9, 10))));
		assertThat(both.find("0123456789")).containsExactly(new DetectedValue("a", 2, 9),
				new DetectedValue("c", 9, 10));
	}

	private static List<String> values(String text) {
		return EVERYTHING.find(text).stream().map((finding) -> text.substring(finding.start(), finding.end())).toList();
	}

	static List<Sample> samples() throws IOException {
		try (InputStream stream = DetectionTests.class.getResourceAsStream("/redaction/values.txt")) {
			String table = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
			Random random = new Random(7);
			return table.lines()
				.filter((line) -> !line.startsWith("#"))
				.map((line) -> Sample.of(line, random))
				.toList();
		}
	}

	/**
	 * A line of the table.
	 *
	 * @param kind the kind to detect
	 * @param text the text
	 * @param expected the expected values
	 */
	record Sample(String kind, String text, List<String> expected) {

		private static Sample of(String line, Random random) {
			int colon = line.indexOf(": ");
			String marked = MADE_UP.matcher(line.substring(colon + 2))
				.replaceAll((made) -> Matcher.quoteReplacement(random(made.group(1), made.group(2), random)));
			List<String> expected = new ArrayList<>();
			Matcher mark = Pattern.compile("<<([^<].*?)>>").matcher(marked);
			String text = mark.replaceAll((value) -> {
				expected.add(value.group(1));
				return Matcher.quoteReplacement(value.group(1));
			});
			return new Sample(line.substring(0, colon), text, expected);
		}

		private static String random(String alphabet, String length, Random random) {
			String chars = switch (alphabet) {
				case "u" -> "ABCDEFGHJKLMNPQRSTUVWXYZ234567";
				case "h" -> "0123456789abcdef";
				case "d" -> "0123456789";
				default -> "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ0123456789";
			};
			StringBuilder made = new StringBuilder();
			for (int i = 0; !length.isEmpty() && i < Integer.parseInt(length); i++) {
				made.append(chars.charAt(random.nextInt(chars.length())));
			}
			return made.toString();
		}

		private List<String> found() {
			return EVERYTHING.find(this.text)
				.stream()
				.filter((finding) -> finding.kind().equals(this.kind))
				.map((finding) -> this.text.substring(finding.start(), finding.end()))
				.toList();
		}

	}

}
