package io.github.grokspring.catalog;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class NamePrefixesTests {

	private final NamePrefixes<Integer> prefixes = new NamePrefixes<>(2);

	@Test
	void theLongestNameBeforeAHyphenIsFound() {
		this.prefixes.put("a", 1);
		this.prefixes.put("a-b", 2);
		assertThat(this.prefixes.longestOf("a-c")).isEqualTo(1);
		assertThat(this.prefixes.longestOf("a-b-c")).isEqualTo(2);
		assertThat(this.prefixes.longestOf("a-bc-d")).isEqualTo(1);
	}

	@Test
	void aNameIsNoPrefixOfItself() {
		this.prefixes.put("a", 1);
		assertThat(this.prefixes.longestOf("a")).isNull();
		assertThat(this.prefixes.longestOf("ab")).isNull();
		assertThat(this.prefixes.longestOf("")).isNull();
		assertThat(this.prefixes.longestOf("-")).isNull();
	}

	@Test
	void namesOfOneHashAreToldApart() {
		assertThat("Aa").hasSameHashCodeAs("BB");
		this.prefixes.put("Aa", 1);
		assertThat(this.prefixes.longestOf("BB-c")).isNull();
		this.prefixes.put("BB", 2);
		assertThat(this.prefixes.longestOf("Aa-c")).isEqualTo(1);
		assertThat(this.prefixes.longestOf("BB-c")).isEqualTo(2);
	}

}
