package io.github.grokspring.benchmark;

import java.util.concurrent.TimeUnit;

import io.github.grokspring.catalog.GrokModel;
import io.github.grokspring.catalog.ModelCatalog;
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

/**
 * Looking a model up: one operation is one look-up.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class CatalogBenchmark {

	/**
	 * An id, an alias, a retired id, and names that nobody has told us about: of a model
	 * that is known, of a Grok, of a stranger.
	 */
	@Param({ "grok-4.3", "grok-4.3-latest", "grok-4-1-fast-non-reasoning", "grok-4.20-0401-reasoning", "grok-5",
			"grok-5-non-reasoning", "gpt-5" })
	public String name = "";

	private ModelCatalog catalog;

	@Setup
	public void start() {
		this.catalog = ModelCatalog.bundled();
	}

	@Benchmark
	public GrokModel get() {
		return this.catalog.get(this.name);
	}

}
