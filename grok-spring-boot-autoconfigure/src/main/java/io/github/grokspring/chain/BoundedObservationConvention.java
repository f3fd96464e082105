package io.github.grokspring.chain;

import io.github.grokspring.catalog.BoundedModelNames;
import io.github.grokspring.catalog.ModelCatalog;
import io.micrometer.common.KeyValue;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.observation.ChatModelObservationContext;
import org.springframework.ai.chat.observation.ChatModelObservationDocumentation.LowCardinalityKeyNames;
import org.springframework.ai.chat.observation.DefaultChatModelObservationConvention;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.util.StringUtils;

/**
 * Spring AI's {@link DefaultChatModelObservationConvention} with the provider
 * {@code x_ai} and a limited number of model names.
 *
 * @since 0.1.0
 */
public class BoundedObservationConvention extends DefaultChatModelObservationConvention {

	private static final KeyValue PROVIDER = KeyValue.of(LowCardinalityKeyNames.AI_PROVIDER, "x_ai");

	private final BoundedModelNames models;

	/**
	 * Creates a convention.
	 * @param catalog the model catalog, whose names are always used; others are limited
	 * to one hundred
	 */
	public BoundedObservationConvention(ModelCatalog catalog) {
		this.models = new BoundedModelNames(catalog);
	}

	@Override
	public String getContextualName(ChatModelObservationContext context) {
		String model = requestedModel(context);
		return StringUtils.hasText(model)
				? "%s %s".formatted(context.getOperationMetadata().operationType(), this.models.of(model))
				: super.getContextualName(context);
	}

	@Override
	protected KeyValue aiProvider(ChatModelObservationContext context) {
		return PROVIDER;
	}

	@Override
	protected KeyValue requestModel(ChatModelObservationContext context) {
		String model = requestedModel(context);
		return StringUtils.hasText(model) ? KeyValue.of(LowCardinalityKeyNames.REQUEST_MODEL, this.models.of(model))
				: super.requestModel(context);
	}

	@Override
	protected KeyValue responseModel(ChatModelObservationContext context) {
		@Nullable ChatResponse response = context.getResponse();
		String model = (response != null) ? response.getMetadata().getModel() : null;
		return StringUtils.hasText(model) ? KeyValue.of(LowCardinalityKeyNames.RESPONSE_MODEL, this.models.of(model))
				: super.responseModel(context);
	}

	private static @Nullable String requestedModel(ChatModelObservationContext context) {
		@Nullable ChatOptions options = context.getRequest().getOptions();
		return (options != null) ? options.getModel() : null;
	}

}
