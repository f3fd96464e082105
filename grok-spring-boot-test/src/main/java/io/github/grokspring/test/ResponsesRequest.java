package io.github.grokspring.test;

import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Request of the Responses API, with the part that it shares with Chat Completions.
 */
record ResponsesRequest(ChatRequest dialogue, List<JsonNode> input, ServerTools serverTools, Echo echo, boolean store,
		@Nullable String previousResponseId, @Nullable Integer maxTurns, Set<String> include) {

	boolean includes(String value) {
		return this.include.contains(value);
	}

	/**
	 * Settings of a request that responses repeat.
	 */
	record Echo(@Nullable String instructions, @Nullable Integer maxOutputTokens, @Nullable Integer maxToolCalls,
			boolean parallelToolCalls, @Nullable Double temperature, @Nullable Double topP, @Nullable String user,
			@Nullable String safetyIdentifier, @Nullable String promptCacheKey, JsonNode format, JsonNode toolChoice,
			List<JsonNode> tools) {
	}

}
