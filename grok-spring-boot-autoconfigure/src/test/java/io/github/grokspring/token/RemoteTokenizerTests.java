package io.github.grokspring.token;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.ai.tokenizer.TokenCountEstimator;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

/**
 * Tests for {@link RemoteTokenizer}.
 */
@ExtendWith(OutputCaptureExtension.class)
class RemoteTokenizerTests {

	private final List<String> asked = new ArrayList<>();

	private final Map<String, Integer> cache = new LinkedHashMap<>();

	private long time;

	private final TokenCountEstimator byLength = localPlus(100);

	@Test
	void countsEachTextOnce() {
		TokenCountEstimator tokenizer = tokenizer(String::length, 0);
		assertThat(tokenizer.estimate("one")).isEqualTo(3);
		assertThat(tokenizer.estimate("one")).isEqualTo(3);
		assertThat(tokenizer.estimate("three")).isEqualTo(5);
		assertThat(tokenizer.estimate("")).isZero();
		assertThat(this.asked).containsExactly("one", "three");
	}

	@Test
	void cachesCountsOnly() {
		tokenizer(String::length, 0).estimate("my secret");
		assertThat(this.cache).hasSize(1).containsValue(9);
		assertThat(this.cache.toString()).doesNotContain("secret");
	}

	@Test
	void countsLocallyBelowThreshold() {
		TokenCountEstimator tokenizer = tokenizer(String::length, 103);
		assertThat(tokenizer.estimate("two words")).isEqualTo(102);
		assertThat(tokenizer.estimate("these are four words")).isEqualTo(20);
		assertThat(this.asked).containsExactly("these are four words");
	}

	@Test
	void countsLocallyAfterFailureAndLogsOnce(CapturedOutput output) {
		boolean[] broken = { true };
		TokenCountEstimator tokenizer = tokenizer((text) -> {
			if (broken[0]) {
				throw new IllegalStateException("out of order");
			}
			return text.length();
		}, 0);
		assertThat(tokenizer.estimate("one")).isEqualTo(101);
		assertThat(tokenizer.estimate("two words")).isEqualTo(102);
		assertThat(output).containsOnlyOnce("counted locally until they can: out of order").doesNotContain("two words");
		broken[0] = false;
		this.time += Duration.ofSeconds(30).toNanos();
		assertThat(tokenizer.estimate("one")).isEqualTo(3);
		broken[0] = true;
		tokenizer.estimate("again");
		assertThat(output.toString().split("out of order", -1)).hasSize(3);
	}

	@Test
	void doesNotWaitForFailingRemote() {
		boolean[] broken = { true };
		TokenCountEstimator tokenizer = tokenizer((text) -> {
			if (broken[0]) {
				throw new IllegalStateException("out of order");
			}
			return text.length();
		}, 0);
		for (int i = 0; i < 5; i++) {
			tokenizer.estimate("text " + i);
		}
		assertThat(this.asked).containsExactly("text 0");
		this.time += Duration.ofSeconds(30).toNanos();
		tokenizer.estimate("text 5");
		tokenizer.estimate("text 6");
		assertThat(this.asked).containsExactly("text 0", "text 5");
		this.time += Duration.ofSeconds(30).toNanos();
		broken[0] = false;
		assertThat(tokenizer.estimate("text 7")).isEqualTo(6);
		assertThat(tokenizer.estimate("text 88")).isEqualTo(7);
	}

	@Test
	void interruptIsNotAFailure(CapturedOutput output) {
		TokenCountEstimator tokenizer = tokenizer((text) -> {
			if (text.equals("one")) {
				Thread.currentThread().interrupt();
				throw new IllegalStateException("Interrupted");
			}
			return text.length();
		}, 0);
		assertThat(tokenizer.estimate("one")).isEqualTo(101);
		assertThat(Thread.interrupted()).isTrue();
		assertThat(tokenizer.estimate("three")).isEqualTo(5);
		assertThat(output).doesNotContain("cannot be counted");
	}

	@Test
	void hugeTextIsSampled() {
		TokenCountEstimator tokenizer = tokenizer((text) -> text.length() / 2, 0);
		String text = "ab\uD83D\uDE00c".repeat(200_001);
		assertThat(tokenizer.estimate(text)).isCloseTo(text.length() / 2, withinPercentage(0.1));
		assertThat(tokenizer.estimate(text)).isCloseTo(text.length() / 2, withinPercentage(0.1));
		assertThat(this.asked).singleElement()
			.satisfies((sample) -> assertThat(sample.length()).isBetween(130_900, 131_072))
			.satisfies((sample) -> assertThat(sample.getBytes(StandardCharsets.UTF_8)).doesNotContain((byte) '?'));
	}

	@Test
	void doesNotBlockNonBlockingThread() {
		TokenCountEstimator tokenizer = tokenizer(String::length, 0);
		Mono<Integer> tokens = Mono.fromSupplier(() -> tokenizer.estimate("one")).subscribeOn(Schedulers.parallel());
		assertThat(tokens.block()).isEqualTo(101);
		assertThat(this.asked).isEmpty();
		tokenizer.estimate("one");
		assertThat(tokens.block()).isEqualTo(3);
	}

	private RemoteTokenizer tokenizer(ToIntFunction<String> remote, int from) {
		return new RemoteTokenizer((text) -> {
			this.asked.add(text);
			return remote.applyAsInt(text);
		}, this.byLength, from, this.cache, () -> this.time);
	}

	static TokenCountEstimator localPlus(int tokens) {
		LocalTokenizer tokenizer = new LocalTokenizer();
		return new TextTokenizer() {

			@Override
			int count(String text) {
				return tokenizer.estimate(text) + tokens;
			}

		};
	}

}
