package io.github.grokspring.catalog;

import java.util.Collection;
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
 * Stands in for models that nobody has told us about. A name tells what it is probably
 * like: the model that it continues ({@code grok-4.3-0501}), its kind
 * ({@code …-non-reasoning}), the model of another version
 * ({@code grok-imagine-video-1.6}), or, as a Grok at all, the newest one.
 */
final class FamilyDefaults {

	private static final List<String> EFFORTS = List.of("none", "low", "medium", "high", "xhigh");

	private static final Set<Endpoint> BOTH = Set.of(Endpoint.CHAT_COMPLETIONS, Endpoint.RESPONSES);

	private final NamePrefixes<GrokModel> continued;

	private final Map<NameStem, GrokModel> versions = new LinkedHashMap<>();

	private final GrokModel nonReasoning;

	private final GrokModel multiAgent;

	private final GrokModel image;

	private final GrokModel video;

	private final GrokModel newest;

	private final GrokModel stranger;

	FamilyDefaults(Collection<GrokModel> models) {
		this.stranger = unknownModel(models);
		this.newest = placeholder("grok-*", models, (model) -> model.reasoning() == Reasoning.ALWAYS
				&& !model.reasoningEfforts().isEmpty() && model.endpoints().contains(Endpoint.CHAT_COMPLETIONS));
		this.nonReasoning = placeholder("grok-*-non-reasoning", models, (model) -> model.reasoning() == Reasoning.NONE
				&& model.endpoints().contains(Endpoint.CHAT_COMPLETIONS));
		this.multiAgent = placeholder("grok-*-multi-agent", models, (model) -> model.id().contains("multi-agent"));
		this.image = placeholder("grok-imagine-*", models, (model) -> model.endpoints().contains(Endpoint.IMAGES));
		this.video = placeholder("grok-imagine-video-*", models,
				(model) -> model.endpoints().contains(Endpoint.VIDEOS));
		this.continued = new NamePrefixes<>(models.stream().mapToInt((model) -> 1 + model.aliases().size()).sum());
		for (GrokModel model : models) {
			if (model.id().startsWith("grok")) {
				this.continued.put(model.id(), placeholder(model.id() + "-*", model));
				model.aliases().forEach((alias) -> this.continued.put(alias, placeholder(alias + "-*", model)));
			}
			addVersion(model);
		}
	}

	// Of a name without more than a version, the newest model is a better guess
	private void addVersion(GrokModel model) {
		NameStem stem = NameStem.of(model.id());
		if (isServed(model) && !stem.text().equals("grok")) {
			this.versions.putIfAbsent(stem, placeholder(stem.pattern(), model));
		}
	}

	/**
	 * The stand-in for a name.
	 * @param name a name that is not in the catalogue
	 * @return what a model of this name is probably like
	 */
	GrokModel of(String name) {
		if (!name.startsWith("grok")) {
			return this.stranger;
		}
		if (name.contains("non-reasoning")) {
			return this.nonReasoning;
		}
		if (name.contains("multi-agent")) {
			return this.multiAgent;
		}
		GrokModel model = this.continued.longestOf(name);
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

	private GrokModel placeholder(String names, Collection<GrokModel> models, Predicate<GrokModel> like) {
		return models.stream()
			.filter(FamilyDefaults::isServed)
			.filter(like)
			.findFirst()
			.map((model) -> placeholder(names, model))
			.orElse(this.stranger);
	}

	/** What a list leaves out for one team is still what others have. */
	private static boolean isServed(GrokModel model) {
		return (model.status() == Status.CURRENT || model.status() == Status.UNLISTED) && model.checked() != null;
	}

	private static GrokModel placeholder(String names, GrokModel like) {
		// Whether anything answers is not known either
		Set<Endpoint> endpoints = like.endpoints().isEmpty() ? BOTH : like.endpoints();
		return new GrokModel(names, Set.of(), false, Status.CURRENT, null, null, null, like.contextWindow(),
				like.inputModalities(), like.outputModalities(), endpoints, Set.of(), like.reasoning(),
				like.reasoningEfforts(), like.defaultReasoningEffort(), like.returnsEncryptedReasoning(),
				like.refusedParameters(), like.ignoredParameters(), List.of(), null);
	}

	/**
	 * What is not called Grok may be anything. Only what no model accepts is refused, and
	 * it may think for long.
	 */
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
