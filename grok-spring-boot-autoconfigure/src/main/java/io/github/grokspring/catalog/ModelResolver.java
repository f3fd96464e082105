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
 * Creates models from entries, with redirects and overrides applied.
 */
final class ModelResolver {

	private static final ModelCapabilities NOTHING = new ModelCapabilities(null, 0, Set.of(), Set.of(), Set.of(),
			Set.of(), Reasoning.NONE, List.of(), null, false, Set.of(), Set.of());

	private final Map<String, ModelEntry> entries = new LinkedHashMap<>();

	private final Map<String, ModelOverride> overrides;

	private final Map<String, GrokModel> models = new LinkedHashMap<>();

	ModelResolver(List<ModelEntry> entries, Map<String, ModelOverride> overrides) {
		this.overrides = overrides;
		Set<String> claimed = new HashSet<>();
		overrides.values().forEach((override) -> claimed.addAll(override.aliases()));
		entries.forEach((entry) -> this.entries.put(entry.id(), without(claimed, entry)));
	}

	// An alias of an override is removed from all other models.
	private static ModelEntry without(Set<String> names, ModelEntry entry) {
		Set<String> aliases = new HashSet<>(entry.aliases());
		return aliases.removeAll(names) ? entry.withAliases(aliases) : entry;
	}

	Collection<GrokModel> models() {
		List<GrokModel> resolved = new ArrayList<>();
		this.entries.values().forEach((entry) -> resolved.add(model(entry)));
		return resolved;
	}

	private GrokModel model(ModelEntry entry) {
		GrokModel model = this.models.get(entry.id());
		if (model == null) {
			model = resolve(entry);
			ModelOverride override = this.overrides.get(entry.id());
			model = (override != null) ? override.applyTo(model) : model;
			this.models.put(entry.id(), model);
		}
		return model;
	}

	private GrokModel resolve(ModelEntry entry) {
		EndOfLife end = entry.end();
		if (end == null) {
			return model(entry, (entry.capabilities() != null) ? entry.capabilities() : NOTHING, entry.prices(), null);
		}
		GrokModel replacement = replacement(end);
		String name = end.replacement();
		List<Prices> prices = entry.prices();
		ModelCapabilities capabilities = entry.capabilities();
		if (replacement != null) {
			// The replacement may have been replaced in turn.
			Retirement further = replacement.retirement();
			name = (further != null && further.replacement() != null) ? further.replacement() : replacement.id();
			// Only a redirected model has the capabilities of its replacement.
			if (capabilities == null && entry.status() == Status.REDIRECTED) {
				capabilities = ModelCapabilities.of(replacement);
				capabilities = (end.effort() != null) ? capabilities.withDefaultEffort(end.effort()) : capabilities;
			}
			if (entry.status() == Status.REDIRECTED && end.at() != null) {
				prices = join(replacement.prices(), entry.prices(), end.at());
			}
		}
		return model(entry, (capabilities != null) ? capabilities : NOTHING, prices,
				new Retirement(end.on(), name, end.effort()));
	}

	private @Nullable GrokModel replacement(EndOfLife end) {
		ModelEntry entry = (end.replacement() != null) ? this.entries.get(end.replacement()) : null;
		return (entry != null) ? model(entry) : null;
	}

	/**
	 * Joins the price histories of a replaced model and its replacement.
	 * @param after the prices of the replacement, newest first
	 * @param before the own prices, newest first
	 * @param change the time of the replacement
	 * @return the prices of both, newest first
	 */
	private static List<Prices> join(List<Prices> after, List<Prices> before, Instant change) {
		List<Prices> prices = new ArrayList<>();
		for (Prices candidate : after) {
			if (candidate.from() == null || !candidate.from().isAfter(change)) {
				prices.add(candidate.withFrom(change));
				break;
			}
			prices.add(candidate);
		}
		before.stream()
			.filter((candidate) -> candidate.from() == null || candidate.from().isBefore(change))
			.forEach(prices::add);
		return prices;
	}

	private static GrokModel model(ModelEntry entry, ModelCapabilities capabilities, List<Prices> prices,
			@Nullable Retirement retirement) {
		Set<Endpoint> endpoints = (entry.status() != Status.RETIRED) ? capabilities.endpoints() : Set.of();
		return new GrokModel(entry.id(), entry.aliases(), true, entry.status(), entry.released(), entry.checked(),
				capabilities.knowledgeCutoff(), capabilities.contextWindow(), capabilities.inputModalities(),
				capabilities.outputModalities(), endpoints, capabilities.regions(), capabilities.reasoning(),
				capabilities.reasoningEfforts(), capabilities.defaultReasoningEffort(),
				capabilities.returnsEncryptedReasoning(), capabilities.refusedParameters(),
				capabilities.ignoredParameters(), prices, retirement);
	}

}
