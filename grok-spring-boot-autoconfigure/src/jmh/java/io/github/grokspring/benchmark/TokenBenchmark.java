package io.github.grokspring.benchmark;

import java.util.Random;
import java.util.concurrent.TimeUnit;

import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.token.CalibratedEstimator;
import io.github.grokspring.token.LocalTokenizer;
import io.github.grokspring.token.PromptTokenEstimator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import org.springframework.ai.chat.prompt.Prompt;

/**
 * How long it takes to know how many tokens a prompt has: by its length, which is all
 * that small prompts need, by its characters, which rate limits and budgets go by, with
 * what was learned of the model, and by the vocabulary, near the end of a context window.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class TokenBenchmark {

	private static final String PROSE = "The quick brown fox, whose name was Größe, jumps over 12 lazy dogs;"
			+ " then it says \"good night\" and leaves.\n";

	@Param({ "1024", "102400", "1048576" })
	public int characters;

	@Param({ "prose", "letters", "one-letter", "dashes" })
	public String text = "";

	private final ModelCatalog catalog = ModelCatalog.bundled();

	private final LocalTokenizer tokenizer = new LocalTokenizer();

	private final PromptTokenEstimator byLength = PromptTokenEstimator.upperBound();

	private final PromptTokenEstimator byCharacters = PromptTokenEstimator.approximate();

	private final CalibratedEstimator calibrated = new CalibratedEstimator(this.byCharacters,
			(name) -> this.catalog.get(name).id());

	private final PromptTokenEstimator byVocabulary = PromptTokenEstimator.counting(this.tokenizer);

	private Prompt prompt = new Prompt("");

	@Setup
	public void write() {
		Random random = new Random(1);
		StringBuilder written = new StringBuilder();
		while (written.length() < this.characters) {
			switch (this.text) {
				case "prose" -> written.append(PROSE);
				case "letters" -> written.append((char) ('a' + random.nextInt(26)));
				case "one-letter" -> written.append('a');
				default -> written.append('—');
			}
		}
		this.prompt = new Prompt(written.substring(0, this.characters),
				GrokChatOptions.builder().model("grok-4.3").build());
		this.calibrated.update(this.prompt, 10, 210);
		this.tokenizer.estimate("load the vocabulary");
	}

	@Benchmark
	public long length() {
		return this.byLength.estimate(this.prompt);
	}

	@Benchmark
	public long characters() {
		return this.byCharacters.estimate(this.prompt);
	}

	@Benchmark
	public long calibrated() {
		return this.calibrated.estimate(this.prompt);
	}

	@Benchmark
	public long vocabulary() {
		return this.byVocabulary.estimate(this.prompt);
	}

}
