package io.github.grokspring.fallback;

import java.util.List;
import java.util.function.Supplier;

import org.springframework.ai.chat.model.ChatModel;

/**
 * Models that are called when a model fails: first other models of xAI, then those of
 * other providers.
 *
 * @param models ids of models of xAI, in order
 * @param others models of other providers, in order
 * @since 0.1.0
 */
public record FallbackModels(List<String> models, List<ExternalModel> others) {

	/**
	 * Creates a list of models.
	 */
	public FallbackModels {
		models = List.copyOf(models);
		others = List.copyOf(others);
	}

	/**
	 * Returns whether there is no model.
	 * @return whether both lists are empty
	 */
	public boolean isEmpty() {
		return this.models.isEmpty() && this.others.isEmpty();
	}

	/**
	 * Model of another provider.
	 *
	 * @param name the name in events, responses and logs
	 * @param model supplies the model on first use, on a thread that may block
	 */
	public record ExternalModel(String name, Supplier<? extends ChatModel> model) {

	}

}
