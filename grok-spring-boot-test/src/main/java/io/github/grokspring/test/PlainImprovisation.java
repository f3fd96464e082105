package io.github.grokspring.test;

import java.util.List;

import io.github.grokspring.test.ChatRequest.ResponseFormat;
import io.github.grokspring.test.ChatRequest.Tool;
import io.github.grokspring.test.ChatRequest.ToolUse;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The same short answer to everything, JSON where JSON was asked for, a tool call where
 * one is required.
 */
final class PlainImprovisation implements Improvisation {

	static final String TEXT = "This is an answer of the stand-in for xAI.";

	private static final List<String> PIECES = Tokens.split(TEXT);

	@Override
	public Answer answer(Script script, Call call) {
		ChatRequest request = call.request();
		Tool required = requiredTool(request);
		if (required != null) {
			JsonNode parameters = required.parameters();
			String arguments = (parameters != null) ? SchemaSample.of(parameters).toString() : "{}";
			return new Answer(script, List.of()).andToolCall(required.name(), arguments);
		}
		JsonNode schema = request.wantedSchema();
		if (schema == null && request.responseFormat() == ResponseFormat.TEXT) {
			return finished(new Answer(script, PIECES), PIECES, call);
		}
		String json = (schema != null) ? SchemaSample.of(schema).toString() : "{\"answer\":\"" + TEXT + "\"}";
		List<String> pieces = Tokens.split(json);
		return finished(new Answer(script, pieces), pieces, call);
	}

	/**
	 * The tool that must be called, if any.
	 * @param request the request
	 * @return the forced one, or the first where one is required
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
	 * Lets an answer use the tools of xAI that the question asks for, and keeps it within
	 * the token limit of the request.
	 * @param answer the answer
	 * @param pieces its pieces
	 * @param call the request
	 * @return the answer, shortened with finish reason {@code length} if need be
	 */
	static Answer finished(Answer answer, List<String> pieces, Call call) {
		Research.on(call, answer);
		Integer limit = call.request().maxTokens();
		if (limit == null || pieces.size() <= limit) {
			return answer;
		}
		return answer.inChunks(pieces.subList(0, limit).toArray(String[]::new)).citingNothing().finishReason("length");
	}

}
