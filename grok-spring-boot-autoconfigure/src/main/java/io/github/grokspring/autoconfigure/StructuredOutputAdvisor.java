package io.github.grokspring.autoconfigure;

import io.github.grokspring.error.InvalidOutputException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.ai.chat.client.ChatClientAttributes;
import org.springframework.ai.chat.client.ChatClientRequest;
import org.springframework.ai.chat.client.ChatClientResponse;
import org.springframework.ai.chat.client.advisor.UsageAccumulator;
import org.springframework.ai.chat.client.advisor.api.CallAdvisor;
import org.springframework.ai.chat.client.advisor.api.CallAdvisorChain;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.model.tool.StructuredOutputChatOptions;
import org.springframework.core.Ordered;
import org.springframework.util.StringUtils;

/**
 * Validates structured output and repeats the request if it does not match, like Spring
 * AI's {@code StructuredOutputValidationAdvisor}, with two differences: a round that
 * calls tools is not repeated, and output that never matches fails instead of returning
 * an object without values. Runs within the tool loop, so that no tool runs twice.
 */
final class StructuredOutputAdvisor implements CallAdvisor {

	private static final String FENCE = "```";

	private final OutputValidation validation;

	StructuredOutputAdvisor(OutputValidation validation) {
		this.validation = validation;
	}

	@Override
	public ChatClientResponse adviseCall(ChatClientRequest request, CallAdvisorChain chain) {
		ChatOptions options = request.prompt().getOptions();
		int maxAttempts = (options != null) ? this.validation.maxAttempts(options) : 0;
		String schema = (maxAttempts > 0) ? schemaOf(request) : null;
		if (schema == null) {
			return chain.nextCall(request);
		}
		UsageAccumulator usage = new UsageAccumulator();
		ChatClientRequest next = request;
		for (int attempt = 1;; attempt++) {
			ChatClientResponse response = chain.copy(this).nextCall(next);
			ChatResponse chat = response.chatResponse();
			usage.addRoundResponse(chat);
			if (chat == null || chat.hasToolCalls()) {
				return (attempt > 1) ? usage.applyAccumulatedUsage(response) : response;
			}
			JsonSchemaValidator.Problems problems = this.validation.validator().validate(schema, textOf(chat));
			if (problems.isEmpty()) {
				return (attempt > 1) ? usage.applyAccumulatedUsage(response) : response;
			}
			if (attempt >= maxAttempts) {
				throw new InvalidOutputException(attempt, "The output of the model does not match its schema after "
						+ attempt + " attempts (" + problems.keywords()
						+ "). Simplify the requested type, or increase 'grok.chat.structured-output.max-attempts'.");
			}
			next = repairing(request, problems.forModel());
		}
	}

	private static ChatClientRequest repairing(ChatClientRequest request, String problems) {
		return request.mutate()
			.prompt(request.prompt()
				.augmentUserMessage((message) -> message.mutate()
					.text(message.getText() + System.lineSeparator()
							+ "An earlier response did not match the JSON schema: " + problems)
					.build()))
			.build();
	}

	private static String textOf(ChatResponse response) {
		Generation result = response.getResult();
		String text = (result != null) ? result.getOutput().getText() : null;
		return (text != null) ? text : "";
	}

	private static @Nullable String schemaOf(ChatClientRequest request) {
		if (request.prompt().getOptions() instanceof StructuredOutputChatOptions options
				&& StringUtils.hasText(options.getOutputSchema())) {
			return options.getOutputSchema();
		}
		if (request.context().get(ChatClientAttributes.STRUCTURED_OUTPUT_SCHEMA.getKey()) instanceof String schema
				&& StringUtils.hasText(schema)) {
			return schema;
		}
		Object format = request.context().get(ChatClientAttributes.OUTPUT_FORMAT.getKey());
		return (format instanceof String text) ? schemaIn(text) : null;
	}

	// Without native structured output, the schema is at the end of the instructions
	private static @Nullable String schemaIn(String format) {
		int end = format.lastIndexOf(FENCE);
		int start = (end > 0) ? format.lastIndexOf(FENCE, end - 1) : -1;
		if (start < 0) {
			return null;
		}
		String schema = format.substring(start + FENCE.length(), end);
		try {
			return JsonMapper.shared().readTree(schema).isObject() ? schema : null;
		}
		catch (JacksonException ex) {
			// Converters without a schema have other instructions
			return null;
		}
	}

	@Override
	public String getName() {
		return "grokStructuredOutput";
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE - 2;
	}

}
