package io.github.grokspring.test;

import java.util.List;

import io.github.grokspring.test.ChatRequest.ResponseFormat;
import io.github.grokspring.test.ChatRequest.Tool;
import io.github.grokspring.test.ChatRequest.ToolUse;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * {@link DefaultResponder} with a short fixed response, JSON if requested, or a tool call
 * if required.
 */
final class PlainResponder implements DefaultResponder {

	static final String TEXT = "This is an answer of the stand-in for xAI.";

	private static final List<String> PIECES = Tokens.split(TEXT);

	@Override
	public Answer respond(Script script, ModelCall call) {
		ChatRequest request = call.request();
		Tool required = requiredTool(request);
		if (required != null) {
			JsonNode parameters = required.parameters();
			String arguments = (parameters != null) ? SchemaSampler.of(parameters).toString() : "{}";
			return new Answer(script, List.of()).andToolCall(required.name(), arguments);
		}
		JsonNode schema = request.requestedSchema();
		if (schema == null && request.responseFormat() == ResponseFormat.TEXT) {
			return finished(new Answer(script, PIECES), PIECES, call);
		}
		String json = (schema != null) ? SchemaSampler.of(schema).toString() : "{\"answer\":\"" + TEXT + "\"}";
		List<String> pieces = Tokens.split(json);
		return finished(new Answer(script, pieces), pieces, call);
	}

	/**
	 * Returns the forced tool, or the first one if a tool is required.
	 */
	static @Nullable Tool requiredTool(ChatRequest request) {
		if (request.toolUse() != ToolUse.REQUIRED) {
			return null;
		}
		return request.tools()
			.stream()
			.filter((tool) -> request.forcedTool() == null || request.forcedTool().equals(tool.name()))
			.findFirst()
			.orElse(null);
	}

	/**
	 * Adds requested server-side tools, and truncates the response at the token limit.
	 */
	static Answer finished(Answer answer, List<String> pieces, ModelCall call) {
		ServerToolSelector.on(call, answer);
		Integer limit = call.request().maxTokens();
		if (limit == null || pieces.size() <= limit) {
			return answer;
		}
		return answer.inChunks(pieces.subList(0, limit).toArray(String[]::new)).clearCitations().finishReason("length");
	}

}
