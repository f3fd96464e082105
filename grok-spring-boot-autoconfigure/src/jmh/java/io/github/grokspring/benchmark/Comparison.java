package io.github.grokspring.benchmark;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/**
 * Results of one run, each next to that of the first transport in the same situation.
 */
final class Comparison {

	private static final String ALLOCATION = "gc.alloc.rate.norm";

	private static final String TRANSPORT = "transport";

	private final Map<String, List<RunResult>> situations = new LinkedHashMap<>();

	private Comparison(Collection<RunResult> results) {
		for (RunResult result : results) {
			this.situations.computeIfAbsent(situation(result.getParams()), (key) -> new ArrayList<>()).add(result);
		}
	}

	static Comparison of(Collection<RunResult> results) {
		return new Comparison(results);
	}

	/**
	 * The results as a table in Markdown; what stands in brackets is the ratio to the
	 * first row of the situation.
	 */
	@Override
	public String toString() {
		StringBuilder table = new StringBuilder("""

				| situation | transport | score | CPU µs/op | allocation B/op | threads |
				|---|---|---|---|---|---|
				""");
		this.situations.forEach((situation, results) -> {
			RunResult first = results.get(0);
			for (RunResult result : results) {
				table.append("| %s | %s | %,.1f %s | %s | %s | %,.0f |%n".formatted(situation,
						Objects.requireNonNullElse(result.getParams().getParam(TRANSPORT), ""), result.getPrimaryResult().getScore(),
						result.getPrimaryResult().getScoreUnit(), value(ResourceProfiler.CPU, result, first),
						value(ALLOCATION, result, first), score(ResourceProfiler.THREADS, result)));
			}
		});
		return table.toString();
	}

	private static String value(String name, RunResult result, RunResult first) {
		double score = score(name, result);
		return String.format(Locale.ROOT, "%,.1f (%.2f)", score, score / score(name, first));
	}

	private static double score(String name, RunResult result) {
		@Nullable Result<?> secondary = result.getSecondaryResults().get(name);
		return (secondary != null) ? secondary.getScore() : Double.NaN;
	}

	private static String situation(BenchmarkParams params) {
		String name = params.getBenchmark();
		name = name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1);
		Map<String, String> others = new TreeMap<>();
		for (String key : params.getParamsKeys()) {
			if (!TRANSPORT.equals(key)) {
				others.put(key, params.getParam(key));
			}
		}
		return others.isEmpty() ? name : name + " " + others.values();
	}

}
