package io.github.grokspring.benchmark;

import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Streams that begin at the same moment, of a model that thinks for 500 ms: how long it
 * takes until all of them have text.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 60)
@Measurement(iterations = 10)
public class FirstTextBenchmark {

	@Param({ "native", "spring-ai", "openai", "jdk" })
	public String transport = "";

	@Param({ "THINKING", "SILENT" })
	public Scenario scenario = Scenario.THINKING;

	private Setting setting;

	private Wave wave;

	@Setup
	public void start() {
		this.setting = Setting.of(this.scenario, this.transport);
	}

	@TearDown
	public void stop() {
		this.setting.close();
	}

	@Benchmark
	public Object streams256() {
		this.wave = Wave.of(256, this.setting.transport());
		this.wave.awaitFirstTexts();
		return this.wave;
	}

	@TearDown(Level.Invocation)
	public void awaitEnds() {
		this.wave.awaitEnds();
	}

}
