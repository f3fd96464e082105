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
		int distance = EditDistance.between(wanted, plain(model.id()));
		for (String alias : model.aliases()) {
			distance = Math.min(distance, EditDistance.between(wanted, plain(alias)));
		}
		return distance;
	}

	/** Which sign separates numbers is what people get wrong. */
	private static String plain(String name) {
		return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
	}

	private record Candidate(String id, int distance) {

	}

}
