package io.github.grokspring.benchmark;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Streams whose chunks come one by one: one operation is one chunk. What counts is CPU
 * and allocation; the throughput is the server's pace.
 */
@State(Scope.Benchmark)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class PacedStreamBenchmark {

	@Param({ "native", "responses", "spring-ai", "openai", "jdk" })
	public String transport = "";

	private Setting setting;

	@Setup
	public void start() {
		this.setting = Setting.of(Scenario.PACED, this.transport);
	}

	@TearDown
	public void stop() {
		this.setting.close();
	}

	@Benchmark
	@OperationsPerInvocation(32 * Scenario.CHUNKS)
	public long streams32() {
		return Wave.of(32, this.setting.transport()).awaitEnds();
	}

}
