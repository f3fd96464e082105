package io.github.grokspring.sample;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link Scrape}.
 */
class ScrapeTests {

	private final Scrape scrape = Scrape.parse("""
			# TYPE spent_usd_total counter
			spent_usd_total{client="a",model="x, \\"y\\""} 1.0E-4
			spent_usd_total{client="b",model="z"} NaN
			waiting 0.0
			""");

	@Test
	void findsNothingMissingInWhatIsThere() {
		assertThat(missing("sum by (client) (spent_usd_total{model=~\"x.*\", client!=\"c\"})")).isEmpty();
		assertThat(missing("waiting > 0.5")).isEmpty();
	}

	@Test
	void namesWhatIsMissing() {
		assertThat(missing("spent_usd")).containsExactly("metric spent_usd");
		assertThat(missing("spent_usd_total{user=\"a\"}")).containsExactly("label user of spent_usd_total");
		assertThat(missing("spent_usd_total{user!=\"a\"}")).containsExactly("label user of spent_usd_total");
		assertThat(missing("spent_usd_total{client=\"c\"}"))
			.containsExactly("value c of label client of spent_usd_total");
		assertThat(missing("spent_usd_total{client=~\"c|d\"}"))
			.containsExactly("value c|d of label client of spent_usd_total");
		assertThat(missing("sum by (client) (waiting)")).containsExactly("label client of waiting");
	}

	@Test
	void refusesWhatIsNoScrape() {
		assertThatIllegalArgumentException().isThrownBy(() -> Scrape.parse("spent_usd_total{client=\"a\"}"));
	}

	private List<String> missing(String query) {
		return this.scrape.missing(PromQl.parse(query));
	}

}
