package io.github.grokspring.sample;

import io.github.grokspring.sample.PromQl.LabelMatcher;
import io.github.grokspring.sample.PromQl.Selector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link PromQl}.
 */
class PromQlTests {

	@Test
	void knowsMetricsAndLabels() {
		PromQl query = PromQl
			.parse("histogram_quantile(0.95, sum by (le, model) (rate(a_bucket{b=\"c\", d!~\"e|f\"}[5m])))\n > 60");
		assertThat(query.selectors()).singleElement().satisfies((selector) -> {
			assertThat(selector.metric()).isEqualTo("a_bucket");
			assertThat(selector.matchers()).containsExactly(new LabelMatcher("b", "=", "c"),
					new LabelMatcher("d", "!~", "e|f"));
		});
		assertThat(query.grouping()).containsExactly("le", "model");
		assertThat(query.aggregates()).isTrue();
		assertThat(PromQl.parse("max_over_time(a[1h]) / a").aggregates()).isFalse();
	}

	@Test
	void knowsAllOperands() {
		PromQl query = PromQl.parse("a{x=\"1\"} / b > 0.5 and (sum(c) + 2 * d) >= 10");
		assertThat(query.selectors()).extracting(Selector::metric).containsExactly("a", "b", "c", "d");
		assertThat(query.grouping()).isEmpty();
	}

	@Test
	void matchersCompareAsPrometheusDoes() {
		assertThat(new LabelMatcher("a", "=~", "b|c").matches("c")).isTrue();
		assertThat(new LabelMatcher("a", "=~", "b").matches("bc")).isFalse();
		assertThat(new LabelMatcher("a", "!~", "b|c").matches("c")).isFalse();
		assertThat(new LabelMatcher("a", "!=", "b").matches("c")).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "sum(a", "sum(a))", "(a", "a)", "a{b=\"c\"", "a{b=c}", "a{b==\"c\"}", "a{=\"c\"}",
			"sum by (b (a)", "sum by b (a)", "sum by (b)", "by (b) (a)", "rate by (b) (a)", "sum a", "a b", "a 1",
			"a +", "+ ", "rate(a[5m)", "rate(a[5])", "rate([5m])", "frobnicate(a)", "a = 1", "a{b=\"c}", "a, b", "a }",
			"a \"b\"", "a ; b", "sum(a) sum(b)", "sum(a,)" })
	void refusesWhatIsNoQuery(String query) {
		assertThatIllegalArgumentException().isThrownBy(() -> PromQl.parse(query));
	}

}
