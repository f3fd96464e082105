package io.github.grokspring.catalog;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

import io.github.grokspring.catalog.GrokModel.Endpoint;
import io.github.grokspring.catalog.GrokModel.Reasoning;
import io.github.grokspring.catalog.GrokModel.Status;
import org.jspecify.annotations.Nullable;

/**
 * Provides defaults for models that are not in the catalog. The name determines the model
 * to take them from: the known model whose name it continues ({@code grok-4.3-0501}), its
 * kind ({@code …-non-reasoning}), another version ({@code grok-imagine-video-1.6}) or,
 * for any other Grok, the newest model.
 */
final class FamilyDefaults {

	private static final List<String> EFFORTS = List.of("none", "low", "medium", "high", "xhigh");

	private static final Set<Endpoint> BOTH = Set.of(Endpoint.CHAT_COMPLETIONS, Endpoint.RESPONSES);

	private final Map<String, GrokModel> byPrefix = new HashMap<>();

	private final int maxPrefixLength;

	private final Map<NameStem, GrokModel> versions = new LinkedHashMap<>();

	private final GrokModel nonReasoning;

	private final GrokModel multiAgent;

	private final GrokModel image;

	private final GrokModel video;

	private final GrokModel newest;

	private final GrokModel unknownModel;

	FamilyDefaults(Collection<GrokModel> models) {
		this.unknownModel = unknownModel(models);
		this.newest = placeholder("grok-*", models, (model) -> model.reasoning() == Reasoning.ALWAYS
				&& !model.reasoningEfforts().isEmpty() && model.endpoints().contains(Endpoint.CHAT_COMPLETIONS));
		this.nonReasoning = placeholder("grok-*-non-reasoning", models, (model) -> model.reasoning() == Reasoning.NONE
				&& model.endpoints().contains(Endpoint.CHAT_COMPLETIONS));
		this.multiAgent = placeholder("grok-*-multi-agent", models, (model) -> model.id().contains("multi-agent"));
		this.image = placeholder("grok-imagine-*", models, (model) -> model.endpoints().contains(Endpoint.IMAGES));
		this.video = placeholder("grok-imagine-video-*", models,
				(model) -> model.endpoints().contains(Endpoint.VIDEOS));
		for (GrokModel model : models) {
			if (model.id().startsWith("grok")) {
				this.byPrefix.put(model.id(), placeholder(model.id() + "-*", model));
				model.aliases().forEach((alias) -> this.byPrefix.put(alias, placeholder(alias + "-*", model)));
			}
			addVersion(model);
		}
		this.maxPrefixLength = this.byPrefix.keySet().stream().mapToInt(String::length).max().orElse(0);
	}

	// For a plain "grok-<version>", the newest model is a better guess.
	private void addVersion(GrokModel model) {
		NameStem stem = NameStem.of(model.id());
		if (isServed(model) && !stem.text().equals("grok")) {
			this.versions.putIfAbsent(stem, placeholder(stem.pattern(), model));
		}
	}

	/**
	 * Returns the placeholder for a name.
	 * @param name a name that is not in the catalog
	 */
	GrokModel of(String name) {
		if (!name.startsWith("grok")) {
			return this.unknownModel;
		}
		if (name.contains("non-reasoning")) {
			return this.nonReasoning;
		}
		if (name.contains("multi-agent")) {
			return this.multiAgent;
		}
		GrokModel model = byLongestPrefix(name);
		if (model != null) {
			return model;
		}
		for (Map.Entry<NameStem, GrokModel> version : this.versions.entrySet()) {
			if (version.getKey().matches(name)) {
				return version.getValue();
			}
		}
		if (name.startsWith("grok-imagine")) {
			return name.contains("video") ? this.video : this.image;
		}
		return this.newest;
	}

	private @Nullable GrokModel byLongestPrefix(String name) {
		for (int hyphen = name.lastIndexOf('-', this.maxPrefixLength); hyphen > 0; hyphen = name.lastIndexOf('-',
				hyphen - 1)) {
			GrokModel model = this.byPrefix.get(name.substring(0, hyphen));
			if (model != null) {
				return model;
			}
		}
		return null;
	}

	private GrokModel placeholder(String names, Collection<GrokModel> models, Predicate<GrokModel> like) {
		return models.stream()
			.filter(FamilyDefaults::isServed)
			.filter(like)
			.findFirst()
			.map((model) -> placeholder(names, model))
			.orElse(this.unknownModel);
	}

	// Unlisted models may still be available to other teams.
	private static boolean isServed(GrokModel model) {
		return (model.status() == Status.CURRENT || model.status() == Status.UNLISTED) && model.checked() != null;
	}

	private static GrokModel placeholder(String names, GrokModel like) {
		// A retired model has no endpoints, but the unknown one may have.
		Set<Endpoint> endpoints = like.endpoints().isEmpty() ? BOTH : like.endpoints();
		return new GrokModel(names, Set.of(), false, Status.CURRENT, null, null, null, like.contextWindow(),
				like.inputModalities(), like.outputModalities(), endpoints, Set.of(), like.reasoning(),
				like.reasoningEfforts(), like.defaultReasoningEffort(), like.returnsEncryptedReasoning(),
				like.refusedParameters(), like.ignoredParameters(), List.of(), null);
	}

	// Names of other kinds may stand for anything. Such a model refuses only what every
	// model
	// refuses, and may reason.
	private static GrokModel unknownModel(Collection<GrokModel> models) {
		@Nullable Set<String> refused = null;
		for (GrokModel model : models) {
			if (isServed(model) && model.endpoints().contains(Endpoint.RESPONSES)) {
				refused = (refused != null) ? refused : new HashSet<>(model.refusedParameters());
				refused.retainAll(model.refusedParameters());
			}
		}
		return new GrokModel("*", Set.of(), false, Status.CURRENT, null, null, null, 0, Set.of(), Set.of(), BOTH,
				Set.of(), Reasoning.CONFIGURABLE, EFFORTS, null, (refused != null) ? refused : Set.of(), Set.of(),
				List.of(), null);
	}

}
