package io.github.grokspring.chain;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link UsdFormat}.
 */
class UsdFormatTests {

	@Test
	void formatsExactAmountWithAtLeastTwoDecimals() {
		assertThat(UsdFormat.format(0)).isEqualTo("0.00");
		assertThat(UsdFormat.format(1)).isEqualTo("0.0000000001");
		assertThat(UsdFormat.format(5 * Ticks.PER_USD / 10)).isEqualTo("0.50");
		assertThat(UsdFormat.format(1200 * Ticks.PER_USD)).isEqualTo("1200.00");
	}

	@Test
	void formatsRoundedAmount() {
		assertThat(UsdFormat.format(12_345_678_901L, 6)).isEqualTo("1.234568");
		assertThat(UsdFormat.format(Ticks.PER_USD, 6)).isEqualTo("1.00");
	}

	@Test
	void formatsPricePerMillionTokens() {
		assertThat(UsdFormat.formatPerMillion(12_500)).isEqualTo("1.25");
		assertThat(UsdFormat.formatPerMillion(30_000)).isEqualTo("3.00");
	}

}
