package io.github.grokspring.test;

import java.util.Map;

import io.github.grokspring.test.ChatRequest.Message;

/**
 * What xAI refuses although the request is well formed.
 */
final class RequestRules {

	private static final int MOST_TOOLS = 350;

	private static final Map<String, String> WIRE_NAMES = Map.of("presence_penalty", "presencePenalty",
			"frequency_penalty", "frequencyPenalty", "stop", "stop", "reasoning_effort", "reasoningEffort");

	private RequestRules() {
	}

	/**
	 * Checks a request for a model.
	 * @param request what was asked
	 * @param model the model that would answer
	 * @throws Refusal when xAI would refuse it
	 */
	static void check(ChatRequest request, Model model) {
		if (request.parameters().contains("search_parameters")) {
			throw Refusal.of(410, "gone",
					"Live search is deprecated. Please switch to the Agent Tools API: https://docs.x.ai/docs/guides/tools/overview");
		}
		if (!model.chatCompletions()) {
			throw Refusal.invalidArgument("Model %s is not available on chat completions. Please use the Responses API."
				.formatted(request.model()));
		}
		checkParameters(request, model);
		checkMessages(request);
		if (request.tools().size() > MOST_TOOLS) {
			throw Refusal.invalidArgument("A maximum of %d tools is supported, but the request contains %d."
				.formatted(MOST_TOOLS, request.tools().size()));
		}
		checkForcedTool(request);
		long tokens = request.promptTokens();
		if (tokens > model.contextLength()) {
			throw Refusal.invalidArgument("This model's maximum prompt length is %d but the request contains %d tokens."
				.formatted(model.contextLength(), tokens));
		}
	}

	private static void checkParameters(ChatRequest request, Model model) {
		WIRE_NAMES.forEach((parameter, wireName) -> {
			if (request.parameters().contains(parameter) && model.refuses().contains(parameter)) {
				throw Refusal
					.invalidArgument("Model %s does not support parameter %s.".formatted(request.model(), wireName));
			}
		});
		String effort = request.reasoningEffort();
		if (effort != null && !model.reasoningEfforts().contains(effort)) {
			throw Refusal.invalidArgument("This model does not support `reasoning_effort` value `" + effort + "`.");
		}
	}

	private static void checkMessages(ChatRequest request) {
		if (request.messages().isEmpty()) {
			throw Refusal.invalidArgument("Invalid request content: The request must have at least one message.");
		}
		for (Message message : request.messages()) {
			if (message.parts() == 0 && message.toolCalls().isEmpty()) {
				throw Refusal
					.invalidArgument("Invalid request content: Each message must have at least one content element.");
			}
		}
	}

	private static void checkForcedTool(ChatRequest request) {
		String forced = request.forcedTool();
		if (forced != null && request.tools().stream().noneMatch((tool) -> tool.name().equals(forced))) {
			throw Refusal.invalidArgument("Invalid tool_choice: the request offers no tool named " + forced + ".");
		}
		if (request.toolUse() == ChatRequest.ToolUse.REQUIRED && request.tools().isEmpty()) {
			throw Refusal.invalidArgument("Invalid tool_choice: the request offers no tools.");
		}
	}

}
