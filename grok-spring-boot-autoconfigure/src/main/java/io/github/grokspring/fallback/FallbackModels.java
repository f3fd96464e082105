package io.github.grokspring.fallback;

import java.util.List;
import java.util.function.Supplier;

import org.springframework.ai.chat.model.ChatModel;

/**
 * Who is asked when a model fails: first other models of xAI, then models of others.
 *
 * @param models ids of models that the same client asks, in order
 * @param others models of other providers, in order
 * @since 0.1.0
 */
public record FallbackModels(List<String> models, List<ExternalModel> others) {

	/**
	 * Name candidates. Lists are copied.
	 */
	public FallbackModels {
		models = List.copyOf(models);
		others = List.copyOf(others);
	}

	/**
	 * Whether there is nobody to ask.
	 * @return whether both lists are empty
	 */
	public boolean isEmpty() {
		return this.models.isEmpty() && this.others.isEmpty();
	}

	/**
	 * A model of another provider.
	 *
	 * @param name what it is called in events, answers and logs
	 * @param model gives the model, on a thread that may block, when it is asked
	 */
	public record ExternalModel(String name, Supplier<? extends ChatModel> model) {

	}

}
