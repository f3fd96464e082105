package io.github.grokspring.catalog;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

import io.github.grokspring.catalog.GrokModel.Status;

/**
 * Finds names that somebody may have meant.
 */
final class SimilarNames {

	private static final int MOST = 3;

	private static final int LONGEST = 100;

	private SimilarNames() {
	}

	static List<String> to(String name, Collection<GrokModel> models) {
		String wanted = (name.length() <= LONGEST) ? plain(name) : "";
		int tolerance = Math.max(2, wanted.length() / 3);
		List<Candidate> candidates = new ArrayList<>();
		for (GrokModel model : models) {
			if (model.status() == Status.CURRENT) {
				// What only adds to a name most probably means it
				int distance = name.startsWith(model.id() + "-") ? 0 : distance(wanted, model);
				if (distance <= tolerance) {
					candidates.add(new Candidate(model.id(), distance));
				}
			}
		}
		candidates.sort(Comparator.comparingInt(Candidate::distance));
		return candidates.stream().limit(MOST).map(Candidate::id).toList();
	}

	private static int distance(String wanted, GrokModel model) {
		int distance = distance(wanted, plain(model.id()));
		for (String alias : model.aliases()) {
			distance = Math.min(distance, distance(wanted, plain(alias)));
		}
		return distance;
	}

	/** Which sign separates numbers is what people get wrong. */
	private static String plain(String name) {
		return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
	}

	/**
	 * How many characters must be added, removed, replaced or swapped with their
	 * neighbour.
	 */
	private static int distance(String one, String other) {
		int[][] costs = new int[one.length() + 1][other.length() + 1];
		for (int i = 0; i <= one.length(); i++) {
			for (int j = 0; j <= other.length(); j++) {
				costs[i][j] = cost(one, other, i, j, costs);
			}
		}
		return costs[one.length()][other.length()];
	}

	private static int cost(String one, String other, int i, int j, int[][] costs) {
		if (i == 0 || j == 0) {
			return i + j;
		}
		boolean same = one.charAt(i - 1) == other.charAt(j - 1);
		int cost = Math.min(costs[i - 1][j - 1] + (same ? 0 : 1), Math.min(costs[i - 1][j], costs[i][j - 1]) + 1);
		boolean swapped = i > 1 && j > 1 && one.charAt(i - 1) == other.charAt(j - 2)
				&& one.charAt(i - 2) == other.charAt(j - 1);
		return swapped ? Math.min(cost, costs[i - 2][j - 2] + 1) : cost;
	}

	private record Candidate(String id, int distance) {

	}

}
