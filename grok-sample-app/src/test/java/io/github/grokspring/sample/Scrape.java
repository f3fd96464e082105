package io.github.grokspring.sample;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A scrape of an application by Prometheus.
 *
 * @param samples the labels of each sample, by the name of the metric
 */
record Scrape(Map<String, List<Map<String, String>>> samples) {

	private static final Pattern SAMPLE = Pattern.compile("^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? \\S+$");

	private static final Pattern LABEL = Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\]|\\\\.)*)\",?");

	static Scrape parse(String text) {
		Map<String, List<Map<String, String>>> samples = new TreeMap<>();
		text.lines().filter((line) -> !line.isBlank() && !line.startsWith("#")).forEach((line) -> {
			Matcher sample = SAMPLE.matcher(line);
			if (!sample.matches()) {
				throw new IllegalArgumentException("No sample: " + line);
			}
			Map<String, String> labels = new TreeMap<>();
			Matcher label = LABEL.matcher((sample.group(2) != null) ? sample.group(2) : "");
			while (label.find()) {
				labels.put(label.group(1), label.group(2));
			}
			samples.computeIfAbsent(sample.group(1), (name) -> new ArrayList<>()).add(labels);
		});
		return new Scrape(samples);
	}

	/**
	 * Returns what a query refers to and the scrape does not contain.
	 * @param query the query
	 * @return the problems, empty if there are none
	 */
	List<String> missing(PromQl query) {
		List<String> missing = new ArrayList<>();
		for (PromQl.Selector selector : query.selectors()) {
			String metric = selector.metric();
			List<Map<String, String>> known = this.samples.getOrDefault(metric, List.of());
			if (known.isEmpty()) {
				missing.add("metric " + metric);
				continue;
			}
			for (PromQl.LabelMatcher matcher : selector.matchers()) {
				if (!hasLabel(metric, matcher.label())) {
					missing.add("label " + matcher.label() + " of " + metric);
				}
				else if (matcher.isPositive()
						&& known.stream().noneMatch((labels) -> matcher.matches(labels.get(matcher.label())))) {
					missing.add("value " + matcher.value() + " of label " + matcher.label() + " of " + metric);
				}
			}
			query.grouping()
				.stream()
				.filter((label) -> !hasLabel(metric, label))
				.forEach((label) -> missing.add("label " + label + " of " + metric));
		}
		return missing;
	}

	/**
	 * The labels of a metric that is there.
	 * @param selector the metric
	 * @return the names of the labels
	 */
	Set<String> labels(PromQl.Selector selector) {
		return this.samples.get(selector.metric()).get(0).keySet();
	}

	/**
	 * Whether every sample of a metric has a label.
	 * @param metric the name of the metric
	 * @param label the name of the label
	 * @return whether it has
	 */
	private boolean hasLabel(String metric, String label) {
		return this.samples.getOrDefault(metric, List.of()).stream().allMatch((labels) -> labels.containsKey(label));
	}

}
