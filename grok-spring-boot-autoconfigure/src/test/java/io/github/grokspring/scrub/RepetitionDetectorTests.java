package io.github.grokspring.scrub;

import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RepetitionDetector}.
 */
class RepetitionDetectorTests {

	private static final int NEVER = -1;

	@ParameterizedTest
	@CsvSource({ "1, 20000", "2, 20000", "7, 20000", "16, 20000", "399, 20000", "400, 20000", "401, 20050",
			"1000, 50000", "1999, 99950", "2000, 100000" })
	void detectsRepetitionAtCharacterThatReachesBothMinimums(int unit, int expected) {
		String text = unit(unit, 1).repeat(110_000 / unit + 1);
		assertThat(detectedAt(standard(), text)).isEqualTo(expected);
		String before = unit(12_345, 2) + '!';
		assertThat(detectedAt(standard(), before + text)).isEqualTo(before.length() + expected);
	}

	@Test
	void detectsRepetitionAfterAnyPrefix() {
		String text = "again and again, ".repeat(1300);
		for (int length = 1; length < 9000; length += 37) {
			String before = unit(length, length) + '!';
			assertThat(detectedAt(standard(), before + text)).isEqualTo(before.length() + 20_000);
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 3, 17, 399, 400, 401, 1000, 2000 })
	void ignoresRepetitionBelowOneOfTheMinimums(int unit) {
		int length = Math.max(20_000, 50 * unit) - 1;
		String run = unit(unit, 3).repeat(length / unit + 1).substring(0, length);
		assertThat(detectedAt(standard(), run)).isEqualTo(NEVER);
		// Each starts with a character that does not continue the previous one
		assertThat(detectedAt(standard(), (run + '!').repeat(9))).isEqualTo(NEVER);
		assertThat(detectedAt(standard(), "?" + run + '!' + unit(5000, 4) + '!' + run)).isEqualTo(NEVER);
	}

	@Test
	void ignoresUnitsAboveMaximum() {
		assertThat(detectedAt(standard(), unit(2001, 1).repeat(100))).isEqualTo(NEVER);
		assertThat(detectedAt(standard(), unit(5000, 1).repeat(60))).isEqualTo(NEVER);
	}

	@Test
	void detectsUnitThatContainsSmallerRepetitions() {
		String unit = "ha".repeat(400) + "! " + "ho".repeat(300) + "? ";
		assertThat(detectedAt(standard(), unit.repeat(49))).isEqualTo(NEVER);
		assertThat(detectedAt(standard(), unit.repeat(60))).isEqualTo(50 * unit.length());
	}

	@Test
	void ignoresRepetitionWithOccasionalOtherCharacter() {
		StringBuilder text = new StringBuilder();
		for (int i = 0; i < 30; i++) {
			text.append("- item\n".repeat(2800)).append(i).append('\n');
		}
		assertThat(detectedAt(standard(), text.toString())).isEqualTo(NEVER);
	}

	@Test
	void ignoresNumberedLines() {
		String text = IntStream.range(0, 20_000)
			.mapToObj((i) -> "| " + i + " | 0.00 | 0.00 | n/a |\n")
			.collect(Collectors.joining());
		assertThat(detectedAt(standard(), text)).isEqualTo(NEVER);
	}

	@Test
	void detectsRepeatedSurrogatePairs() {
		assertThat(detectedAt(standard(), "\uD83D\uDE00".repeat(20_000))).isEqualTo(20_000);
		assertThat(detectedAt(standard(), "\uD83D\uDE00\uD83D\uDE01".repeat(4999))).isEqualTo(NEVER);
	}

	@Test
	void detectionIsIndependentOfChunks() {
		String text = unit(777, 9) + "!" + "<|tool_call_end|>".repeat(3000);
		int expected = detectedAt(standard(), text);
		assertThat(expected).isEqualTo(778 + 20_000);
		Random random = new Random(5);
		for (int run = 0; run < 50; run++) {
			RepetitionDetector detector = standard();
			int longest = 1 + random.nextInt(5000);
			int from = 0;
			boolean detected = false;
			while (!detected && from < text.length()) {
				int to = Math.min(text.length(), from + random.nextInt(longest + 1));
				detected = detector.append(text.substring(from, to));
				assertThat(detected).isEqualTo(to >= expected);
				from = to;
			}
			assertThat(detector.unit()).isEqualTo(17);
			assertThat(detector.repetitions()).isEqualTo(20_000 / 17);
		}
	}

	@ParameterizedTest
	@CsvSource({ "8, 80, 10", "10, 100, 25", "8, 1, 1", "8, 1, 20", "20, 40, 3", "8, 30, 33", "50, 200, 13" })
	void matchesDefinition(int minRepetitions, int minCharacters, int maxUnit) {
		Random random = new Random(minRepetitions * 31L + minCharacters * 7L + maxUnit);
		for (int run = 0; run < 300; run++) {
			String text = randomRuns(random, maxUnit, Math.max(minCharacters, minRepetitions * maxUnit));
			assertThat(detectedAt(new RepetitionDetector(minRepetitions, minCharacters, maxUnit), text)).as(text)
				.isEqualTo(byDefinition(text, minRepetitions, minCharacters, maxUnit));
		}
	}

	@Test
	void detectsFewRepetitionsAfterAtMostEight() {
		for (int unit = 1; unit <= 100; unit++) {
			RepetitionDetector detector = new RepetitionDetector(2, 1, 100);
			assertThat(detectedAt(detector, unit(unit, unit).repeat(8))).isBetween(2, 8 * unit);
		}
	}

	private static RepetitionDetector standard() {
		return new RepetitionDetector(50, 20_000, 2000);
	}

	private static int detectedAt(RepetitionDetector detector, String text) {
		for (int i = 0; i < text.length(); i++) {
			if (detector.append(text.substring(i, i + 1))) {
				return i + 1;
			}
		}
		return NEVER;
	}

	private static int byDefinition(String text, int minRepetitions, int minCharacters, int maxUnit) {
		int[] lengths = new int[maxUnit + 1];
		for (int end = 1; end <= text.length(); end++) {
			for (int unit = 1; unit <= maxUnit; unit++) {
				boolean goesOn = end > unit && text.charAt(end - 1) == text.charAt(end - 1 - unit);
				lengths[unit] = goesOn ? lengths[unit] + 1 : Math.min(end, unit);
				if (lengths[unit] >= Math.max(minCharacters, minRepetitions * unit)) {
					return end;
				}
			}
		}
		return NEVER;
	}

	/**
	 * Creates random text with units that are repeated about as often as the limit.
	 */
	private static String randomRuns(Random random, int maxUnit, int longest) {
		StringBuilder text = new StringBuilder();
		for (int piece = 1 + random.nextInt(6); piece > 0; piece--) {
			String unit = letters(random, 1 + random.nextInt(maxUnit + 2), 1 + random.nextInt(3));
			int length = random.nextInt(longest + longest / 3 + 2);
			text.append(unit.repeat(length / unit.length() + 1), 0, length);
			text.append(letters(random, random.nextInt(4), 3));
		}
		return text.toString();
	}

	private static String letters(Random random, int length, int different) {
		return random.ints(length, 'a', 'a' + different).mapToObj(Character::toString).collect(Collectors.joining());
	}

	private static String unit(int length, long seed) {
		String text = new Random(seed).ints(length - 1, 'b', 'z' + 1)
			.mapToObj(Character::toString)
			.collect(Collectors.joining());
		return "a" + text;
	}

}
