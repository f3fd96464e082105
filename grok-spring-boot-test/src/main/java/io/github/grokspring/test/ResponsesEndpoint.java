package io.github.grokspring.test;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.grokspring.test.ChatRequest.Message;
import io.netty.handler.codec.http.QueryStringDecoder;
import tools.jackson.databind.node.ObjectNode;

/**
 * Handles requests of the Responses API, including stored responses.
 */
final class ResponsesEndpoint {

	private static final String INPUT_ITEMS = "/input_items";

	private static final int DEFAULT_ITEMS = 20;

	private static final int MAX_ITEMS = 100;

	private final StoredResponses store;

	ResponsesEndpoint(StoredResponses store) {
		this.store = store;
	}

	ResponsesCall call(byte[] body, Lookup lookup) {
		ResponsesRequest request = ResponsesRequestReader.read(body);
		ServingContext context = lookup.context(request.dialogue().model());
		String previous = request.previousResponseId();
		List<Message> history = (previous != null) ? this.store.get(previous).dialogue() : List.of();
		ChatRequest dialogue = request.dialogue().after(history);
		ResponsesRequestValidator.check(request, dialogue, context.model(), context.apiKey());
		return new ResponsesCall(request, dialogue, context, this.store);
	}

	/**
	 * Returns the HTTP methods of a path, empty if there is no such path.
	 */
	static Set<String> methods(String path) {
		String id = id(path);
		if (id.isEmpty() || id.contains("/")) {
			return Set.of();
		}
		return path.endsWith(INPUT_ITEMS) ? Set.of("GET") : Set.of("GET", "DELETE");
	}

	/**
	 * Returns or deletes a stored response.
	 */
	byte[] stored(String method, String uri) {
		QueryStringDecoder query = new QueryStringDecoder(uri);
		String id = id(query.path());
		if ("DELETE".equals(method)) {
			this.store.delete(id);
			return Json.object((json) -> {
				json.writeStringProperty("id", id);
				json.writeStringProperty("object", "response");
				json.writeBooleanProperty("deleted", true);
			});
		}
		return query.path().endsWith(INPUT_ITEMS) ? items(this.store.get(id).input(), query.parameters())
				: this.store.get(id).json();
	}

	private static String id(String path) {
		String id = path.substring(XaiServer.RESPONSES.length() + 1);
		return id.endsWith(INPUT_ITEMS) ? id.substring(0, id.length() - INPUT_ITEMS.length()) : id;
	}

	private static byte[] items(List<ObjectNode> input, Map<String, List<String>> parameters) {
		List<ObjectNode> items = new ArrayList<>(input);
		String order = first(parameters, "order", "desc");
		if ("desc".equals(order)) {
			Collections.reverse(items);
		}
		else if (!"asc".equals(order)) {
			throw ApiErrorException.invalidArgument("Invalid order: " + order + ". It must be asc or desc.");
		}
		String after = first(parameters, "after", "");
		int start = 0;
		for (int i = 0; i < items.size(); i++) {
			start = items.get(i).get("id").stringValue().equals(after) ? i + 1 : start;
		}
		int end = Math.min(items.size(), start + limit(first(parameters, "limit", String.valueOf(DEFAULT_ITEMS))));
		return page(items.subList(start, end), end < items.size());
	}

	private static int limit(String value) {
		if (value.matches("\\d{1,3}")) {
			int limit = Integer.parseInt(value);
			if (limit >= 1 && limit <= MAX_ITEMS) {
				return limit;
			}
		}
		throw ApiErrorException.invalidArgument("Invalid limit: " + value + ". It must be between 1 and 100.");
	}

	private static byte[] page(List<ObjectNode> page, boolean more) {
		ObjectNode list = Json.LENIENT.createObjectNode().put("object", "list");
		list.putArray("data").addAll(page);
		list.put("first_id", page.isEmpty() ? null : page.get(0).get("id").stringValue());
		list.put("last_id", page.isEmpty() ? null : page.get(page.size() - 1).get("id").stringValue());
		return EventWriter.utf8(list.put("has_more", more).toString());
	}

	private static String first(Map<String, List<String>> parameters, String name, String defaultValue) {
		return parameters.getOrDefault(name, List.of(defaultValue)).get(0);
	}

	@FunctionalInterface
	interface Lookup {

		ServingContext context(String model);

	}

}
