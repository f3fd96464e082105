package io.github.grokspring.scrub;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WarnOnce}.
 */
class WarnOnceTests {

	private final WarnOnce times = new WarnOnce();

	@Test
	void everyPairHasOneFirstTime() {
		assertThat(this.times.isFirst("grok-4.3", "stop")).isTrue();
		assertThat(this.times.isFirst("grok-4.3", "stop")).isFalse();
		assertThat(this.times.isFirst("grok-4.3", "seed")).isTrue();
		assertThat(this.times.isFirst("grok-4.7", "stop")).isTrue();
	}

	@Test
	void whatComesWhenTheMemoryIsFullCountsAsSeen() {
		for (int i = 0; i < 600; i++) {
			assertThat(this.times.isFirst("model-" + i, "stop")).isEqualTo(i < 512);
		}
		assertThat(this.times.isFirst("model-0", "seed")).isFalse();
	}

}
