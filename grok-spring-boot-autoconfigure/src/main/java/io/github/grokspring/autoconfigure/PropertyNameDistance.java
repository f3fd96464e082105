package io.github.grokspring.autoconfigure;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import io.github.grokspring.catalog.EditDistance;

/**
 * Measures the distance of a misspelled property name to an existing one. A missing word
 * counts more than a misspelled one. Names whose last elements have nothing in common are
 * unrelated, however similar the rest is.
 */
final class PropertyNameDistance {

	/**
	 * Element of an existing name that stands for any key of a map.
	 */
	static final String MAP_KEY = "*";

	private static final double MISSING_WORD = 0.75;

	private static final double DIFFERENT_WORD = 1.5;

	private static final double DIFFERENT_END = 0.01;

	private static final double MAX_TYPO_SHARE = 0.4;

	private PropertyNameDistance() {
	}

	/**
	 * Returns the distance between two names.
	 * @param name the elements of a name, without indices of lists
	 * @param existing the elements of a name that exists, without indices of lists
	 * @return the distance, infinite if they are unrelated
	 */
	static double between(List<String> name, List<String> existing) {
		String last = name.get(name.size() - 1);
		String wanted = existing.get(existing.size() - 1);
		if (!isRelated(last, wanted) || (existing.contains(MAP_KEY) && !isRelated(name.get(0), existing.get(0)))) {
			return Double.POSITIVE_INFINITY;
		}
		double distance = Math.min(distance(words(name), words(existing)), distance(plain(name), plain(existing)));
		return last.equals(wanted) ? distance : distance + DIFFERENT_END;
	}

	/**
	 * Returns whether two elements differ at most by a typo.
	 * @param element an element of a name
	 * @param existing an element of a name that exists
	 * @return whether they are
	 */
	static boolean isSame(String element, String existing) {
		return difference(plain(element), plain(existing)) < DIFFERENT_WORD;
	}

	private static boolean isRelated(String element, String existing) {
		return isSame(element, existing) || words(List.of(element)).stream()
			.anyMatch((word) -> words(List.of(existing)).stream()
				.anyMatch((other) -> difference(word, other) < DIFFERENT_WORD));
	}

	private static List<String> words(List<String> elements) {
		return elements.stream()
			.flatMap((element) -> Arrays.stream(element.replaceAll("([a-z])([A-Z])", "$1-$2").split("[-_]")))
			.map((word) -> word.toLowerCase(Locale.ROOT).replaceAll("ies$", "y").replaceAll("(?<=[^s])s$", ""))
			.toList();
	}

	private static List<String> plain(List<String> elements) {
		return elements.stream().map(PropertyNameDistance::plain).toList();
	}

	private static String plain(String element) {
		return element.replaceAll("[-_]", "").toLowerCase(Locale.ROOT);
	}

	private static double distance(List<String> words, List<String> wanted) {
		double[][] costs = new double[words.size() + 1][wanted.size() + 1];
		for (int i = 0; i <= words.size(); i++) {
			for (int j = 0; j <= wanted.size(); j++) {
				if (i == 0 || j == 0) {
					costs[i][j] = (i + j) * MISSING_WORD;
					continue;
				}
				costs[i][j] = Math.min(costs[i - 1][j - 1] + difference(words.get(i - 1), wanted.get(j - 1)),
						Math.min(costs[i - 1][j], costs[i][j - 1]) + MISSING_WORD);
			}
		}
		return costs[words.size()][wanted.size()];
	}

	private static double difference(String word, String wanted) {
		if (word.equals(wanted) || wanted.equals(MAP_KEY)) {
			return 0;
		}
		double share = (double) EditDistance.between(word, wanted) / Math.max(word.length(), wanted.length());
		return (share < MAX_TYPO_SHARE) ? share : DIFFERENT_WORD;
	}

}
