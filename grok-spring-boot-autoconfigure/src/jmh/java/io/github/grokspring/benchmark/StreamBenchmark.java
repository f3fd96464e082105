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
 * Streams whose chunks follow one another as fast as they can: one operation is one
 * chunk, with its share of beginning and end of its stream.
 */
@State(Scope.Benchmark)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class StreamBenchmark {

	@Param({ "native", "responses", "spring-ai", "openai", "jdk" })
	public String transport = "";

	private Setting setting;

	@Setup
	public void start() {
		this.setting = Setting.of(Scenario.BACK_TO_BACK, this.transport);
	}

	@TearDown
	public void stop() {
		this.setting.close();
	}

	@Benchmark
	@OperationsPerInvocation(Scenario.CHUNKS)
	public long streams1() {
		return Wave.of(1, this.setting.transport()).awaitEnds();
	}

	@Benchmark
	@OperationsPerInvocation(64 * Scenario.CHUNKS)
	public long streams64() {
		return Wave.of(64, this.setting.transport()).awaitEnds();
	}

	@Benchmark
	@OperationsPerInvocation(256 * Scenario.CHUNKS)
	public long streams256() {
		return Wave.of(256, this.setting.transport()).awaitEnds();
	}

}
