package io.github.grokspring.catalog;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

import io.github.grokspring.catalog.GrokModel.Status;

/**
 * Finds model names that a misspelt name may stand for.
 */
final class SimilarNames {

	private static final int MAX_NAMES = 3;

	private static final int MAX_LENGTH = 100;

	private SimilarNames() {
	}

	static List<String> to(String name, Collection<GrokModel> models) {
		String normalized = (name.length() <= MAX_LENGTH) ? normalize(name) : "";
		int tolerance = Math.max(2, normalized.length() / 3);
		List<Candidate> candidates = new ArrayList<>();
		for (GrokModel model : models) {
			if (model.status() == Status.CURRENT) {
				// A longer name most likely means the model it begins with.
				int distance = name.startsWith(model.id() + "-") ? 0 : distance(normalized, model);
				if (distance <= tolerance) {
					candidates.add(new Candidate(model.id(), distance));
				}
			}
		}
		candidates.sort(Comparator.comparingInt(Candidate::distance));
		return candidates.stream().limit(MAX_NAMES).map(Candidate::id).toList();
	}

	private static int distance(String normalized, GrokModel model) {
		int distance = EditDistance.between(normalized, normalize(model.id()));
		for (String alias : model.aliases()) {
			distance = Math.min(distance, EditDistance.between(normalized, normalize(alias)));
		}
		return distance;
	}

	// Separators are a frequent mistake.
	private static String normalize(String name) {
		return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
	}

	private record Candidate(String id, int distance) {

	}

}
