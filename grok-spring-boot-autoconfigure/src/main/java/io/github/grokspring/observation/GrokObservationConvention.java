package io.github.grokspring.observation;

import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.BoundedObservationConvention;
import io.github.grokspring.cost.TokenUsage;
import io.micrometer.common.KeyValues;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.observation.ChatModelObservationContext;
import org.springframework.ai.chat.observation.ChatModelObservationDocumentation;

/**
 * Spring AI's names for observations of chats, with the provider {@code x_ai}, a bounded
 * number of names of models, and the tokens that the model thought, under the name that
 * OpenTelemetry has for them. They are a part of {@code gen_ai.usage.output_tokens}, as
 * cached tokens are of {@code gen_ai.usage.input_tokens}.
 *
 * @since 0.1.0
 */
public final class GrokObservationConvention extends BoundedObservationConvention {

	private static final String REASONING = "gen_ai.usage.reasoning.output_tokens";

	private static final String OUTPUT = ChatModelObservationDocumentation.HighCardinalityKeyNames.USAGE_OUTPUT_TOKENS
		.asString();

	/**
	 * Create a convention.
	 * @param catalog the models whose names always pass; of others a hundred do
	 */
	public GrokObservationConvention(ModelCatalog catalog) {
		super(catalog);
	}

	/**
	 * Create a convention for the models that come with this library.
	 */
	public GrokObservationConvention() {
		this(ModelCatalog.bundled());
	}

	@Override
	public KeyValues getHighCardinalityKeyValues(ChatModelObservationContext context) {
		KeyValues values = super.getHighCardinalityKeyValues(context);
		@Nullable ChatResponse answer = context.getResponse();
		TokenUsage tokens = (answer != null) ? TokenUsage.from(answer.getMetadata().getUsage()) : null;
		if (tokens == null) {
			return values;
		}
		return values.and(REASONING, Long.toString(tokens.reasoning()))
			.and(OUTPUT, Long.toString(tokens.billedOutput()));
	}

}
