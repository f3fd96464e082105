package io.github.grokspring.benchmark;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Collection;
import java.util.List;

import com.sun.management.OperatingSystemMXBean;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/**
 * The CPU time that an operation takes of the whole process, garbage collector and
 * compiler included, and the most threads the process had at a time.
 */
public final class ResourceProfiler implements InternalProfiler {

	static final String CPU = "cpu";

	static final String THREADS = "threads";

	private final OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

	private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

	private long cpuBefore;

	@Override
	public String getDescription() {
		return "CPU time per operation and peak number of threads";
	}

	@Override
	public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
		this.threads.resetPeakThreadCount();
		this.cpuBefore = this.system.getProcessCpuTime();
	}

	@Override
	public Collection<? extends Result<?>> afterIteration(BenchmarkParams benchmark, IterationParams iteration,
			IterationResult result) {
		double micros = (this.system.getProcessCpuTime() - this.cpuBefore) / 1000.0;
		long operations = Math.max(1, result.getMetadata().getAllOps());
		return List.of(new ScalarResult(CPU, micros / operations, "us/op", AggregationPolicy.AVG),
				new ScalarResult(THREADS, this.threads.getPeakThreadCount(), "threads", AggregationPolicy.MAX));
	}

}
