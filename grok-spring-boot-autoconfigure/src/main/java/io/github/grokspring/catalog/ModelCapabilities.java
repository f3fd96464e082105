package io.github.grokspring.catalog;

import java.time.YearMonth;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.github.grokspring.catalog.GrokModel.Endpoint;
import io.github.grokspring.catalog.GrokModel.Reasoning;
import org.jspecify.annotations.Nullable;

/**
 * Capabilities of a model, which a redirected model shares with its replacement and a
 * placeholder with the model it is based on.
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
	 * Returns a copy with other efforts. A model with efforts reasons and accepts the
	 * parameter; its reasoning is configurable if one of them is {@code none}.
	 * @param efforts the efforts, empty if the parameter is refused
	 * @return the copy, which has the same default effort if that is still valid
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
	 * Returns a copy with other refused parameters and no ignored ones.
	 * @param refused the refused parameters
	 * @return the copy, without efforts if {@code reasoning_effort} is refused
	 */
	ModelCapabilities withRefused(Set<String> refused) {
		ModelCapabilities capabilities = new ModelCapabilities(this.knowledgeCutoff, this.contextWindow,
				this.inputModalities, this.outputModalities, this.endpoints, this.regions, this.reasoning,
				this.reasoningEfforts, this.defaultReasoningEffort, this.returnsEncryptedReasoning, refused, Set.of());
		return refused.contains(EFFORT) ? capabilities.withEfforts(List.of()) : capabilities;
	}

}
