package io.github.grokspring.catalog;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.grokspring.catalog.GrokModel.Endpoint;
import io.github.grokspring.catalog.GrokModel.Reasoning;
import io.github.grokspring.catalog.GrokModel.Retirement;
import io.github.grokspring.catalog.GrokModel.Status;
import io.github.grokspring.catalog.ModelEntry.EndOfLife;
import org.jspecify.annotations.Nullable;

/**
 * Makes models of entries: what a retired one has in common with its replacement is said
 * here and nowhere else.
 */
final class ModelResolution {

	private static final ModelCapabilities NOTHING = new ModelCapabilities(null, 0, Set.of(), Set.of(), Set.of(),
			Set.of(), Reasoning.NONE, List.of(), null, false, Set.of(), Set.of());

	private final Map<String, ModelEntry> entries = new LinkedHashMap<>();

	private final Map<String, ModelOverride> overrides;

	private final Map<String, GrokModel> models = new LinkedHashMap<>();

	ModelResolution(List<ModelEntry> entries, Map<String, ModelOverride> overrides) {
		this.overrides = overrides;
		Set<String> claimed = new HashSet<>();
		overrides.values().forEach((override) -> claimed.addAll(override.aliases()));
		entries.forEach((entry) -> this.entries.put(entry.id(), without(claimed, entry)));
	}

	/** A name that an override gives to one model is taken from any other. */
	private static ModelEntry without(Set<String> names, ModelEntry entry) {
		Set<String> aliases = new HashSet<>(entry.aliases());
		return aliases.removeAll(names) ? entry.withAliases(aliases) : entry;
	}

	Collection<GrokModel> models() {
		List<GrokModel> inOrder = new ArrayList<>();
		this.entries.values().forEach((entry) -> inOrder.add(model(entry)));
		return inOrder;
	}

	private GrokModel model(ModelEntry entry) {
		GrokModel model = this.models.get(entry.id());
		if (model == null) {
			model = resolved(entry);
			ModelOverride override = this.overrides.get(entry.id());
			model = (override != null) ? override.applyTo(model) : model;
			this.models.put(entry.id(), model);
		}
		return model;
	}

	private GrokModel resolved(ModelEntry entry) {
		EndOfLife end = entry.end();
		if (end == null) {
			return model(entry, (entry.facts() != null) ? entry.facts() : NOTHING, entry.prices(), null);
		}
		GrokModel replacement = replacement(end);
		String name = end.replacement();
		List<Prices> prices = entry.prices();
		ModelCapabilities facts = entry.facts();
		if (replacement != null) {
			// Who replaces the replacement is who answers today
			Retirement further = replacement.retirement();
			name = (further != null && further.replacement() != null) ? further.replacement() : replacement.id();
			// A model that nothing answers for has nothing of another
			if (facts == null && entry.status() == Status.REDIRECTED) {
				facts = ModelCapabilities.of(replacement);
				facts = (end.effort() != null) ? facts.withDefaultEffort(end.effort()) : facts;
			}
			if (entry.status() == Status.REDIRECTED && end.at() != null) {
				prices = succession(replacement.prices(), entry.prices(), end.at());
			}
		}
		return model(entry, (facts != null) ? facts : NOTHING, prices, new Retirement(end.on(), name, end.effort()));
	}

	private @Nullable GrokModel replacement(EndOfLife end) {
		ModelEntry entry = (end.replacement() != null) ? this.entries.get(end.replacement()) : null;
		return (entry != null) ? model(entry) : null;
	}

	/**
	 * Prices of a model whose replacement answers from some time on.
	 * @param after the prices of the replacement, the newest first
	 * @param before its own prices, the newest first
	 * @param change when the one takes over from the other
	 * @return the prices of both, the newest first
	 */
	private static List<Prices> succession(List<Prices> after, List<Prices> before, Instant change) {
		List<Prices> prices = new ArrayList<>();
		for (Prices candidate : after) {
			if (candidate.from() == null || !candidate.from().isAfter(change)) {
				prices.add(candidate.from(change));
				break;
			}
			prices.add(candidate);
		}
		before.stream()
			.filter((candidate) -> candidate.from() == null || candidate.from().isBefore(change))
			.forEach(prices::add);
		return prices;
	}

	private static GrokModel model(ModelEntry entry, ModelCapabilities facts, List<Prices> prices,
			@Nullable Retirement retirement) {
		Set<Endpoint> endpoints = (entry.status() != Status.RETIRED) ? facts.endpoints() : Set.of();
		return new GrokModel(entry.id(), entry.aliases(), true, entry.status(), entry.released(), entry.checked(),
				facts.knowledgeCutoff(), facts.contextWindow(), facts.inputModalities(), facts.outputModalities(),
				endpoints, facts.regions(), facts.reasoning(), facts.reasoningEfforts(), facts.defaultReasoningEffort(),
				facts.returnsEncryptedReasoning(), facts.refusedParameters(), facts.ignoredParameters(), prices,
				retirement);
	}

}
