package io.github.grokspring.catalog;

/**
 * Measures the distance between a misspelled name and an existing one.
 *
 * @since 0.1.0
 */
public final class EditDistance {

	private EditDistance() {
	}

	/**
	 * Returns the number of characters to insert, delete, replace or swap with their
	 * neighbor to turn one name into the other.
	 * @param first a name
	 * @param second another name
	 * @return the distance
	 */
	public static int between(String first, String second) {
		int[][] costs = new int[first.length() + 1][second.length() + 1];
		for (int i = 0; i <= first.length(); i++) {
			for (int j = 0; j <= second.length(); j++) {
				costs[i][j] = cost(first, second, i, j, costs);
			}
		}
		return costs[first.length()][second.length()];
	}

	private static int cost(String first, String second, int i, int j, int[][] costs) {
		if (i == 0 || j == 0) {
			return i + j;
		}
		boolean same = first.charAt(i - 1) == second.charAt(j - 1);
		int cost = Math.min(costs[i - 1][j - 1] + (same ? 0 : 1), Math.min(costs[i - 1][j], costs[i][j - 1]) + 1);
		boolean swapped = i > 1 && j > 1 && first.charAt(i - 1) == second.charAt(j - 2)
				&& first.charAt(i - 2) == second.charAt(j - 1);
		return swapped ? Math.min(cost, costs[i - 2][j - 2] + 1) : cost;
	}

}
