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
 * Spring AI's convention for chat observations with the provider {@code x_ai}, a limited
 * number of model names, and the reasoning tokens under OpenTelemetry's name. Reasoning
 * tokens are part of {@code gen_ai.usage.output_tokens}, and cached tokens are part of
 * {@code gen_ai.usage.input_tokens}.
 *
 * @since 0.1.0
 */
public final class GrokObservationConvention extends BoundedObservationConvention {

	private static final String REASONING = "gen_ai.usage.reasoning.output_tokens";

	private static final String OUTPUT = ChatModelObservationDocumentation.HighCardinalityKeyNames.USAGE_OUTPUT_TOKENS
		.asString();

	/**
	 * Creates a convention.
	 * @param catalog the models whose names are always used; of other models, the first
	 * hundred names are used
	 */
	public GrokObservationConvention(ModelCatalog catalog) {
		super(catalog);
	}

	/**
	 * Creates a convention for the models of the bundled catalog.
	 */
	public GrokObservationConvention() {
		this(ModelCatalog.bundled());
	}

	@Override
	public KeyValues getHighCardinalityKeyValues(ChatModelObservationContext context) {
		KeyValues values = super.getHighCardinalityKeyValues(context);
		@Nullable ChatResponse response = context.getResponse();
		TokenUsage tokens = (response != null) ? TokenUsage.from(response.getMetadata().getUsage()) : null;
		if (tokens == null) {
			return values;
		}
		return values.and(REASONING, Long.toString(tokens.reasoning()))
			.and(OUTPUT, Long.toString(tokens.billedOutput()));
	}

}
