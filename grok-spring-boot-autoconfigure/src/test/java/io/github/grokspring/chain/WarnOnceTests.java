package io.github.grokspring.chain;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WarnOnce}.
 */
class WarnOnceTests {

	private final WarnOnce warnings = new WarnOnce();

	@Test
	void isFirstOncePerKey() {
		assertThat(this.warnings.isFirst("grok-4.3", "stop")).isTrue();
		assertThat(this.warnings.isFirst("grok-4.3", "stop")).isFalse();
		assertThat(this.warnings.isFirst("grok-4.3", "seed")).isTrue();
		assertThat(this.warnings.isFirst("grok-4.7", "stop")).isTrue();
	}

	@Test
	void isNeverFirstWhenFull() {
		for (int i = 0; i < 600; i++) {
			assertThat(this.warnings.isFirst("model-" + i, "stop")).isEqualTo(i < 512);
		}
		assertThat(this.warnings.isFirst("model-0", "seed")).isFalse();
	}

}
