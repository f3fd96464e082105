package io.github.grokspring.sample;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A parsed query of Prometheus. Supports the part of the language that the files in
 * {@code monitoring/} use, and rejects everything else.
 *
 * @param selectors the metrics
 * @param grouping the labels of {@code by}
 * @param aggregates whether the result has no other labels
 */
record PromQl(List<Selector> selectors, Set<String> grouping, boolean aggregates) {

	private static final Pattern TOKEN = Pattern.compile("""
			\\s+\
			|(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)\
			|(?<number>[0-9]+(?:\\.[0-9]+)?)\
			|(?<range>\\[[0-9]+[smhdw]])\
			|(?<text>"(?:[^"\\\\]|\\\\.)*")\
			|(?<sign>=~|!~|!=|==|>=|<=|[-+*/%^<>=(){},])""");

	private static final Set<String> AGGREGATIONS = Set.of("sum", "avg", "min", "max", "count");

	private static final Set<String> FUNCTIONS = Set.of("rate", "increase", "max_over_time", "histogram_quantile");

	private static final Set<String> OPERATORS = Set.of("and", "or", "unless");

	private static final Set<String> MATCHES = Set.of("=", "!=", "=~", "!~");

	/**
	 * Parses a query.
	 * @param query the query
	 * @return the parsed query
	 * @throws IllegalArgumentException if it is not supported
	 */
	static PromQl parse(String query) {
		return new Reader(query).read();
	}

	private static List<String> tokens(String query) {
		List<String> tokens = new ArrayList<>();
		Matcher matcher = TOKEN.matcher(query);
		int end = 0;
		while (end < query.length()) {
			if (!matcher.find(end) || matcher.start() != end) {
				throw new IllegalArgumentException("Unexpected '" + query.substring(end) + "' in: " + query);
			}
			if (!matcher.group().isBlank()) {
				tokens.add(matcher.group());
			}
			end = matcher.end();
		}
		return tokens;
	}

	/**
	 * A metric in a query.
	 *
	 * @param metric name of the metric
	 * @param matchers conditions for its labels
	 */
	record Selector(String metric, List<LabelMatcher> matchers) {

	}

	/**
	 * A condition for a label.
	 *
	 * @param label name of the label
	 * @param operator the operator
	 * @param value the expected value
	 */
	record LabelMatcher(String label, String operator, String value) {

		boolean isPositive() {
			return this.operator.startsWith("=");
		}

		boolean matches(String actual) {
			boolean same = this.operator.endsWith("~") ? actual.matches(this.value) : actual.equals(this.value);
			return same == isPositive();
		}

	}

	private static final class Reader {

		private final String query;

		private final List<String> tokens;

		private final Deque<String> open = new ArrayDeque<>();

		private final List<Selector> selectors = new ArrayList<>();

		private final Set<String> grouping = new TreeSet<>();

		private int position;

		/** Whether an operand is complete, so that an operator can follow. */
		private boolean complete;

		private boolean aggregates;

		Reader(String query) {
			this.query = query;
			this.tokens = tokens(query);
		}

		PromQl read() {
			while (this.position < this.tokens.size()) {
				step(next());
			}
			require(this.open.isEmpty(), "a parenthesis is not closed");
			require(this.complete, "something is missing at the end");
			return new PromQl(this.selectors, this.grouping, this.aggregates);
		}

		private void step(String token) {
			if (token.equals("by")) {
				require(this.position > 1 && AGGREGATIONS.contains(this.tokens.get(this.position - 2)),
						"'by' belongs behind an aggregation");
				labels();
				require(peek().equals("("), "an aggregation needs arguments");
			}
			else if (token.equals("(")) {
				require(!this.complete, "a parenthesis follows a value");
				this.open.push(token);
			}
			else if (token.equals(")")) {
				require(this.complete && !this.open.isEmpty(), "a parenthesis is closed too early");
				this.open.pop();
			}
			else if (token.startsWith("[")) {
				require(this.complete && this.tokens.get(this.position - 2).matches("}|[a-zA-Z_:].*"),
						"a range belongs behind a metric");
			}
			else if (FUNCTIONS.contains(token)) {
				require(!this.complete, "an operator is missing before '" + token + "'");
				require(peek().equals("("), "'" + token + "' needs arguments");
			}
			else if (AGGREGATIONS.contains(token)) {
				require(!this.complete, "an operator is missing before '" + token + "'");
				require(peek().equals("(") || peek().equals("by"), "'" + token + "' needs arguments");
				this.aggregates = true;
			}
			else if (isName(token) && !OPERATORS.contains(token)) {
				metric(token);
			}
			else if (Character.isDigit(token.charAt(0))) {
				require(!this.complete, "an operator is missing before '" + token + "'");
				this.complete = true;
			}
			else {
				require(this.complete && !token.equals("{") && !token.equals("}") && !token.startsWith("\"")
						&& !token.equals("="), "'" + token + "' is out of place");
				require(!token.equals(",") || !this.open.isEmpty(), "a comma is out of place");
				this.complete = false;
			}
		}

		private void metric(String name) {
			require(!this.complete, "an operator is missing before '" + name + "'");
			require(!peek().equals("("), "'" + name + "' is no function that is known here");
			List<LabelMatcher> matchers = new ArrayList<>();
			if (peek().equals("{")) {
				next();
				do {
					String label = next();
					String operator = next();
					String value = next();
					require(isName(label) && MATCHES.contains(operator) && value.startsWith("\""),
							"'" + label + operator + value + "' compares no label");
					matchers.add(new LabelMatcher(label, operator, value.substring(1, value.length() - 1)));
				}
				while (peek().equals(",") && next() != null);
				require(next().equals("}"), "a brace is not closed");
			}
			this.selectors.add(new Selector(name, matchers));
			this.complete = true;
		}

		private void labels() {
			require(next().equals("("), "a list of labels needs parentheses");
			String end;
			do {
				String label = next();
				require(isName(label), "'" + label + "' is no label");
				this.grouping.add(label);
				end = next();
			}
			while (end.equals(","));
			require(end.equals(")"), "a list of labels is not closed");
		}

		private String next() {
			require(this.position < this.tokens.size(), "something is missing at the end");
			return this.tokens.get(this.position++);
		}

		private String peek() {
			return (this.position < this.tokens.size()) ? this.tokens.get(this.position) : "";
		}

		private static boolean isName(String token) {
			return Character.isLetter(token.charAt(0)) || token.charAt(0) == '_' || token.charAt(0) == ':';
		}

		private void require(boolean condition, String problem) {
			if (!condition) {
				throw new IllegalArgumentException(problem + " in: " + this.query);
			}
		}

	}

}
