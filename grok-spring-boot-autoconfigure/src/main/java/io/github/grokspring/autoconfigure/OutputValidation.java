package io.github.grokspring.autoconfigure;

import java.util.function.ToIntFunction;

import org.springframework.ai.chat.prompt.ChatOptions;

/**
 * Validation of the JSON output of a model.
 *
 * @param validator validates the JSON
 * @param maxAttempts returns the number of attempts at valid JSON for the options of a
 * request, 0 to disable validation
 */
record OutputValidation(JsonSchemaValidator validator, ToIntFunction<ChatOptions> maxAttempts) {

	int maxAttempts(ChatOptions options) {
		return this.maxAttempts.applyAsInt(options);
	}

}
