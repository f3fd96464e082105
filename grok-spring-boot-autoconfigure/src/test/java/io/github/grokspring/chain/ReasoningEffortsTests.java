package io.github.grokspring.chain;

import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ReasoningEfforts}.
 */
class ReasoningEffortsTests {

	@ParameterizedTest
	@CsvSource(textBlock = """
			none,    low medium high xhigh,      low
			minimal, low medium high xhigh,      low
			low,     low medium high xhigh,      low
			max,     low medium high xhigh,      xhigh
			xhigh,   low medium high,            high
			minimal, none low medium high,       low
			minimal, none high,                  high
			low,     none high,                  high
			medium,  low high,                   high
			high,    low xhigh,                  xhigh
			low,     minimal medium,             medium
			none,    none low,                   none
			HIGH,    low high,                   high
			' low ', low high,                   low
			ultra,   low ultra,                  ultra
			""")
	void selectsNearestValueAndHigherOfTwo(String asked, String accepted, String expected) {
		assertThat(ReasoningEfforts.nearest(asked, List.of(accepted.split(" ")), Set.of())).isEqualTo(expected);
	}

	@ParameterizedTest
	@CsvSource({ "low, none", "max, none", "hard, low high", "'', low high", "4, low high" })
	void hasNoNearestValueForUnknownEffortOrIfOnlyNoneIsAccepted(String asked, String accepted) {
		assertThat(ReasoningEfforts.nearest(asked, List.of(accepted.split(" ")), Set.of())).isNull();
	}

	@Test
	void skipsRejectedValues() {
		List<String> accepted = List.of("none", "low", "medium", "high");
		assertThat(ReasoningEfforts.nearest("none", accepted, Set.of("none"))).isEqualTo("low");
		assertThat(ReasoningEfforts.nearest("low", accepted, Set.of("low", "medium"))).isEqualTo("high");
		assertThat(ReasoningEfforts.nearest("low", accepted, Set.copyOf(accepted))).isNull();
	}

	@Test
	void recognizesEfforts() {
		assertThat(ReasoningEfforts.isEffort(" XHigh ")).isTrue();
		assertThat(ReasoningEfforts.isEffort("a secret")).isFalse();
	}

}
