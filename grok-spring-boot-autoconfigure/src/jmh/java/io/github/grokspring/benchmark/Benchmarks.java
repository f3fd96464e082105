package io.github.grokspring.benchmark;

import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Runs benchmarks and prints how they compare. Takes the arguments of JMH, such as a
 * regular expression that names benchmarks, {@code -f} for the number of forks or
 * {@code -p transport=native}.
 */
public final class Benchmarks {

	private Benchmarks() {
	}

	public static void main(String[] args) throws CommandLineOptionException, RunnerException {
		CommandLineOptions given = new CommandLineOptions(args);
		OptionsBuilder options = new OptionsBuilder();
		options.parent(given)
			.forks(given.getForkCount().orElse(2))
			.addProfiler(GCProfiler.class)
			.addProfiler(ResourceProfiler.class)
			.jvmArgsAppend("-Xms1g", "-Xmx1g");
		System.out.println(Comparison.of(new Runner(options.build()).run()));
	}

}
