package io.github.grokspring.test;

import java.util.Map;

import io.github.grokspring.test.ChatRequest.Message;

/**
 * Rejects well-formed requests that xAI rejects.
 */
final class ChatRequestValidator {

	private static final int MAX_TOOLS = 350;

	private static final Map<String, String> WIRE_NAMES = Map.of("presence_penalty", "presencePenalty",
			"frequency_penalty", "frequencyPenalty", "stop", "stop", "reasoning_effort", "reasoningEffort",
			"max_output_tokens", "maxOutputTokens");

	private ChatRequestValidator() {
	}

	static void check(ChatRequest request, Model model) {
		checkRemoved(request);
		if (!model.chatCompletions()) {
			throw ApiErrorException
				.invalidArgument("Model %s is not available on chat completions. Please use the Responses API."
					.formatted(request.model()));
		}
		checkCommon(request, model, 0);
		ToolCallValidator.check(request.messages(), true);
	}

	/**
	 * Rejects features that xAI has removed from both endpoints.
	 */
	static void checkRemoved(ChatRequest request) {
		if (request.parameters().contains("search_parameters")) {
			throw ApiErrorException.of(410, "gone",
					"Live search is deprecated. Please switch to the Agent Tools API: https://docs.x.ai/docs/guides/tools/overview");
		}
	}

	/**
	 * Checks the rules of both endpoints.
	 */
	static void checkCommon(ChatRequest request, Model model, int serverTools) {
		checkParameters(request, model);
		checkMessages(request);
		int tools = request.tools().size() + serverTools;
		if (tools > MAX_TOOLS) {
			throw ApiErrorException.invalidArgument(
					"A maximum of %d tools is supported, but the request contains %d.".formatted(MAX_TOOLS, tools));
		}
		checkForcedTool(request, tools);
		long tokens = request.promptTokens();
		if (tokens > model.contextLength()) {
			throw ApiErrorException
				.invalidArgument("This model's maximum prompt length is %d but the request contains %d tokens."
					.formatted(model.contextLength(), tokens));
		}
	}

	private static void checkParameters(ChatRequest request, Model model) {
		WIRE_NAMES.forEach((parameter, wireName) -> {
			if (request.parameters().contains(parameter) && model.refuses().contains(parameter)) {
				throw ApiErrorException
					.invalidArgument("Model %s does not support parameter %s.".formatted(request.model(), wireName));
			}
		});
		String effort = request.reasoningEffort();
		if (effort != null && !model.reasoningEfforts().contains(effort)) {
			throw ApiErrorException
				.invalidArgument("This model does not support `reasoning_effort` value `" + effort + "`.");
		}
	}

	private static void checkMessages(ChatRequest request) {
		if (request.messages().isEmpty()) {
			throw ApiErrorException
				.invalidArgument("Invalid request content: The request must have at least one message.");
		}
		for (Message message : request.messages()) {
			if (message.parts() == 0 && message.toolCalls().isEmpty()) {
				throw ApiErrorException
					.invalidArgument("Invalid request content: Each message must have at least one content element.");
			}
		}
	}

	private static void checkForcedTool(ChatRequest request, int tools) {
		String forced = request.forcedTool();
		if (forced != null && request.tools().stream().noneMatch((tool) -> tool.name().equals(forced))) {
			throw ApiErrorException
				.invalidArgument("Invalid tool_choice: the request offers no tool named " + forced + ".");
		}
		if (request.toolUse() == ChatRequest.ToolUse.REQUIRED && tools == 0) {
			throw ApiErrorException.invalidArgument("Invalid tool_choice: the request offers no tools.");
		}
	}

}
