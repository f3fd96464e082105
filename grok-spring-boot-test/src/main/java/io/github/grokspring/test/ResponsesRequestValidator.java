package io.github.grokspring.test;

import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Set;

import tools.jackson.databind.JsonNode;

/**
 * Rejects well-formed requests of the Responses API that xAI rejects.
 */
final class ResponsesRequestValidator {

	private static final int MAX_DOMAINS = 5;

	private static final int MAX_HANDLES = 20;

	private static final int MAX_COLLECTIONS = 10;

	private static final Set<String> EFFORTS = Set.of("none", "low", "medium", "high", "xhigh");

	private ResponsesRequestValidator() {
	}

	static void check(ResponsesRequest request, ChatRequest dialogue, Model model, String apiKey) {
		ChatRequestValidator.checkRemoved(dialogue);
		if (request.previousResponseId() != null && request.echo().instructions() != null) {
			throw ApiErrorException.of(400, "400",
					"Argument not supported: instructions and previous_response_id together");
		}
		String effort = dialogue.reasoningEffort();
		if (effort != null && !EFFORTS.contains(effort)) {
			throw ApiErrorException.invalidArgument("Invalid reasoning effort.");
		}
		ChatRequestValidator.checkCommon(dialogue, model, request.serverTools().definitions().size());
		if (!model.chatCompletions() && !dialogue.tools().isEmpty()) {
			throw ApiErrorException
				.invalidArgument("Model %s does not support client-side function tools.".formatted(dialogue.model()));
		}
		ToolCallValidator.check(dialogue.messages(), false);
		request.serverTools().definitions().forEach(ResponsesRequestValidator::checkTool);
		request.input().forEach((item) -> checkEncrypted(item, model, apiKey));
	}

	private static void checkTool(JsonNode tool) {
		switch (tool.get("type").stringValue()) {
			case "web_search" -> {
				rejectFields(tool, "search_context_size", "user_location", "external_web_access");
				checkEitherOr(tool, "allowed_domains", "excluded_domains", MAX_DOMAINS);
				checkEitherOr(tool.path("filters"), "allowed_domains", "excluded_domains", MAX_DOMAINS);
			}
			case "x_search" -> {
				checkEitherOr(tool, "allowed_x_handles", "excluded_x_handles", MAX_HANDLES);
				checkDate(tool, "from_date");
				checkDate(tool, "to_date");
			}
			case "code_interpreter" -> rejectFields(tool, "container");
			case "file_search" -> {
				rejectFields(tool, "filters", "ranking_options");
				checkCount(tool, "vector_store_ids", MAX_COLLECTIONS);
			}
			case "mcp" -> rejectFields(tool, "require_approval", "connector_id");
			default -> {
				// No other rejections are known
			}
		}
	}

	private static void rejectFields(JsonNode tool, String... fields) {
		for (String field : fields) {
			if (isGiven(tool, field)) {
				throw ApiErrorException.invalidArgument(
						"Argument not supported on tool %s: %s.".formatted(tool.get("type").stringValue(), field));
			}
		}
	}

	private static void checkEitherOr(JsonNode tool, String allowed, String excluded, int max) {
		if (isGiven(tool, allowed) && isGiven(tool, excluded)) {
			throw ApiErrorException.invalidArgument("Cannot set both " + allowed + " and " + excluded + ".");
		}
		checkCount(tool, allowed, max);
		checkCount(tool, excluded, max);
	}

	private static void checkCount(JsonNode tool, String field, int max) {
		if (tool.path(field).size() > max) {
			throw ApiErrorException.invalidArgument("A maximum of %d %s is supported, but the request contains %d."
				.formatted(max, field, tool.get(field).size()));
		}
	}

	private static void checkDate(JsonNode tool, String field) {
		if (!isGiven(tool, field)) {
			return;
		}
		String date = tool.get(field).stringValue("");
		try {
			LocalDate.parse(date);
		}
		catch (DateTimeParseException ex) {
			throw ApiErrorException
				.invalidArgument("Invalid " + field + ": " + date + ". Expected a date as YYYY-MM-DD.");
		}
	}

	private static boolean isGiven(JsonNode tool, String field) {
		return tool.has(field) && !tool.get(field).isNull();
	}

	private static void checkEncrypted(JsonNode item, Model model, String apiKey) {
		String type = item.path("type").stringValue("");
		JsonNode content = item.path("encrypted_content");
		if (!List.of("reasoning", "compaction").contains(type) || !content.isString()
				|| EncryptedContent.isAccepted(content.stringValue(), model, apiKey)) {
			return;
		}
		if ("compaction".equals(type)) {
			throw InputItems.undecodable();
		}
		throw ApiErrorException.invalidArgument(
				"Could not decrypt the provided encrypted_content. Ensure the value is the unmodified encrypted_content from a previous response.");
	}

}
