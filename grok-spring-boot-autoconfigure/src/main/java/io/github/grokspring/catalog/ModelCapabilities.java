package io.github.grokspring.catalog;

import java.time.YearMonth;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.github.grokspring.catalog.GrokModel.Endpoint;
import io.github.grokspring.catalog.GrokModel.Reasoning;
import org.jspecify.annotations.Nullable;

/**
 * How a model behaves: what a redirected one has in common with its replacement, and a
 * stand-in with the model it is like.
 */
record ModelCapabilities(@Nullable YearMonth knowledgeCutoff, int contextWindow, Set<String> inputModalities,
		Set<String> outputModalities, Set<Endpoint> endpoints, Set<String> regions, Reasoning reasoning,
		List<String> reasoningEfforts, @Nullable String defaultReasoningEffort, boolean returnsEncryptedReasoning,
		Set<String> refusedParameters, Set<String> ignoredParameters) {

	private static final String EFFORT = "reasoning_effort";

	private static final String OFF = "none";

	ModelCapabilities {
		inputModalities = Set.copyOf(inputModalities);
		outputModalities = Set.copyOf(outputModalities);
		endpoints = Set.copyOf(endpoints);
		regions = Set.copyOf(regions);
		reasoningEfforts = List.copyOf(reasoningEfforts);
		refusedParameters = Set.copyOf(refusedParameters);
		ignoredParameters = Set.copyOf(ignoredParameters);
	}

	static ModelCapabilities of(GrokModel model) {
		return new ModelCapabilities(model.knowledgeCutoff(), model.contextWindow(), model.inputModalities(),
				model.outputModalities(), model.endpoints(), model.regions(), model.reasoning(),
				model.reasoningEfforts(), model.defaultReasoningEffort(), model.returnsEncryptedReasoning(),
				model.refusedParameters(), model.ignoredParameters());
	}

	ModelCapabilities withContextWindow(int contextWindow) {
		return new ModelCapabilities(this.knowledgeCutoff, contextWindow, this.inputModalities, this.outputModalities,
				this.endpoints, this.regions, this.reasoning, this.reasoningEfforts, this.defaultReasoningEffort,
				this.returnsEncryptedReasoning, this.refusedParameters, this.ignoredParameters);
	}

	ModelCapabilities withModalities(Set<String> input, Set<String> output) {
		return new ModelCapabilities(this.knowledgeCutoff, this.contextWindow, input, output, this.endpoints,
				this.regions, this.reasoning, this.reasoningEfforts, this.defaultReasoningEffort,
				this.returnsEncryptedReasoning, this.refusedParameters, this.ignoredParameters);
	}

	ModelCapabilities withEndpoints(Set<Endpoint> endpoints) {
		return new ModelCapabilities(this.knowledgeCutoff, this.contextWindow, this.inputModalities,
				this.outputModalities, endpoints, this.regions, this.reasoning, this.reasoningEfforts,
				this.defaultReasoningEffort, this.returnsEncryptedReasoning, this.refusedParameters,
				this.ignoredParameters);
	}

	ModelCapabilities withKnowledgeCutoff(YearMonth cutoff) {
		return new ModelCapabilities(cutoff, this.contextWindow, this.inputModalities, this.outputModalities,
				this.endpoints, this.regions, this.reasoning, this.reasoningEfforts, this.defaultReasoningEffort,
				this.returnsEncryptedReasoning, this.refusedParameters, this.ignoredParameters);
	}

	ModelCapabilities withRegions(Set<String> regions) {
		return new ModelCapabilities(this.knowledgeCutoff, this.contextWindow, this.inputModalities,
				this.outputModalities, this.endpoints, regions, this.reasoning, this.reasoningEfforts,
				this.defaultReasoningEffort, this.returnsEncryptedReasoning, this.refusedParameters,
				this.ignoredParameters);
	}

	ModelCapabilities withDefaultEffort(@Nullable String effort) {
		return new ModelCapabilities(this.knowledgeCutoff, this.contextWindow, this.inputModalities,
				this.outputModalities, this.endpoints, this.regions, this.reasoning, this.reasoningEfforts, effort,
				this.returnsEncryptedReasoning, this.refusedParameters, this.ignoredParameters);
	}

	ModelCapabilities withEncryptedReasoning(boolean returned) {
		return new ModelCapabilities(this.knowledgeCutoff, this.contextWindow, this.inputModalities,
				this.outputModalities, this.endpoints, this.regions, this.reasoning, this.reasoningEfforts,
				this.defaultReasoningEffort, returned, this.refusedParameters, this.ignoredParameters);
	}

	/**
	 * These facts with other efforts. A model with efforts reasons, and accepts the
	 * parameter that names them; one that lets itself be asked not to reason has an
	 * effort for it.
	 * @param efforts the efforts, empty if the parameter is refused
	 * @return the facts, with the default effort if it is still one of them
	 */
	ModelCapabilities withEfforts(List<String> efforts) {
		Set<String> refused = new HashSet<>(this.refusedParameters);
		Reasoning reasoning = this.reasoning;
		if (efforts.isEmpty()) {
			refused.add(EFFORT);
			reasoning = (reasoning == Reasoning.CONFIGURABLE) ? Reasoning.ALWAYS : reasoning;
		}
		else {
			refused.remove(EFFORT);
			reasoning = efforts.contains(OFF) ? Reasoning.CONFIGURABLE : Reasoning.ALWAYS;
		}
		String effort = this.defaultReasoningEffort;
		effort = (effort != null && efforts.contains(effort)) ? effort : null;
		return new ModelCapabilities(this.knowledgeCutoff, this.contextWindow, this.inputModalities,
				this.outputModalities, this.endpoints, this.regions, reasoning, efforts, effort,
				this.returnsEncryptedReasoning, refused, this.ignoredParameters);
	}

	/**
	 * These facts with other parameters that are of no use.
	 * @param refused what is refused; what is not among it is accepted, and has an effect
	 * @return the facts, without efforts if the parameter that names them is refused
	 */
	ModelCapabilities withRefused(Set<String> refused) {
		ModelCapabilities facts = new ModelCapabilities(this.knowledgeCutoff, this.contextWindow, this.inputModalities,
				this.outputModalities, this.endpoints, this.regions, this.reasoning, this.reasoningEfforts,
				this.defaultReasoningEffort, this.returnsEncryptedReasoning, refused, Set.of());
		return refused.contains(EFFORT) ? facts.withEfforts(List.of()) : facts;
	}

}
