package io.github.grokspring.sample;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The files in {@code monitoring/}.
 */
final class Monitoring {

	static final Path FOLDER = Path.of("monitoring");

	private static final Pattern LEGEND = Pattern.compile("\\{\\{ *([a-z_]+) *}}");

	private static final Pattern ALERT_LABEL = Pattern.compile("\\$labels\\.([a-z_]+)");

	private static final Pattern LABEL_VALUES = Pattern.compile("label_values\\(([a-z_]+), ([a-z_]+)\\)");

	private Monitoring() {
	}

	static Map<String, Object> yaml(String file) {
		return new Yaml().load(text(file));
	}

	static JsonNode dashboard() {
		return JsonMapper.shared().readTree(text("grafana-dashboard.json"));
	}

	static List<JsonNode> panels() {
		return dashboard().path("panels").valueStream().toList();
	}

	@SuppressWarnings("unchecked")
	static List<Map<String, Object>> rules() {
		List<Map<String, Object>> rules = new ArrayList<>();
		for (Map<String, Object> group : (List<Map<String, Object>>) yaml("alerts.yml").get("groups")) {
			rules.addAll((List<Map<String, Object>>) group.get("rules"));
		}
		return rules;
	}

	/**
	 * Returns all queries of rules, panels and dashboard variables.
	 * @return the queries
	 */
	static List<Query> queries() {
		List<Query> queries = new ArrayList<>();
		for (Map<String, Object> rule : rules()) {
			queries.add(new Query("alert " + rule.get("alert"), (String) rule.get("expr"),
					names(ALERT_LABEL, String.valueOf(rule.get("annotations")))));
		}
		for (JsonNode panel : panels()) {
			for (JsonNode target : panel.path("targets")) {
				queries.add(new Query("panel " + panel.path("title").stringValue(), target.path("expr").stringValue(),
						names(LEGEND, target.path("legendFormat").stringValue())));
			}
		}
		for (JsonNode variable : dashboard().path("templating").path("list")) {
			Matcher values = LABEL_VALUES.matcher(variable.path("definition").asString(""));
			if (values.matches()) {
				queries.add(new Query("variable " + variable.path("name").stringValue(),
						"sum by (%s) (%s)".formatted(values.group(2), values.group(1)), Set.of()));
			}
		}
		return queries;
	}

	private static Set<String> names(Pattern pattern, String text) {
		Set<String> names = new TreeSet<>();
		Matcher matcher = pattern.matcher(text);
		while (matcher.find()) {
			names.add(matcher.group(1));
		}
		return names;
	}

	private static String text(String file) {
		try {
			return Files.readString(FOLDER.resolve(file));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * A query of a rule or a panel.
	 *
	 * @param place location of the query
	 * @param text the query, with variables of Grafana
	 * @param shown labels that are displayed with the result
	 */
	record Query(String place, String text, Set<String> shown) {

		PromQl parse() {
			return PromQl
				.parse(this.text.replace("$__rate_interval", "5m").replace("$__range", "6h").replace("$client", ".*"));
		}

		@Override
		public String toString() {
			return this.place;
		}

	}

}
