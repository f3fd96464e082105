package io.github.grokspring.autoconfigure;

import java.util.function.ToIntFunction;

import org.springframework.ai.chat.prompt.ChatOptions;

/**
 * How JSON that a model writes is validated.
 *
 * @param validator validates the JSON
 * @param maxAttempts how often the model of some options may write JSON that does not
 * match, 0 if it is not validated
 */
record OutputValidation(JsonSchemaValidator validator, ToIntFunction<ChatOptions> maxAttempts) {

	int maxAttempts(ChatOptions options) {
		return this.maxAttempts.applyAsInt(options);
	}

}
