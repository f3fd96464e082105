package io.github.grokspring.openai;

import io.micrometer.common.KeyValue;

import org.springframework.ai.chat.observation.ChatModelObservationContext;
import org.springframework.ai.chat.observation.ChatModelObservationDocumentation;
import org.springframework.ai.chat.observation.DefaultChatModelObservationConvention;

/**
 * Spring AI's own convention, but for the provider, which {@code OpenAiChatModel} always
 * takes for OpenAI.
 */
final class XaiObservationConvention extends DefaultChatModelObservationConvention {

	private static final KeyValue PROVIDER = KeyValue
		.of(ChatModelObservationDocumentation.LowCardinalityKeyNames.AI_PROVIDER, "x_ai");

	@Override
	protected KeyValue aiProvider(ChatModelObservationContext context) {
		return PROVIDER;
	}

}
