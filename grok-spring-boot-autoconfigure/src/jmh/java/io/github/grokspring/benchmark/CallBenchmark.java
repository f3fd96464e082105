package io.github.grokspring.benchmark;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Blocking calls: one operation is one call.
 */
@State(Scope.Benchmark)
@Warmup(iterations = 10, time = 2)
@Measurement(iterations = 5, time = 2)
public class CallBenchmark {

	@Param({ "native", "responses", "spring-ai", "openai", "jdk" })
	public String transport = "";

	private Setting setting;

	@Setup
	public void start() {
		this.setting = Setting.of(Scenario.CALL, this.transport);
	}

	@TearDown
	public void stop() {
		this.setting.close();
	}

	@Benchmark
	@Threads(1)
	public String oneCaller() {
		return this.setting.transport().call();
	}

	@Benchmark
	@Threads(64)
	public String manyCallers() {
		return this.setting.transport().call();
	}

}
