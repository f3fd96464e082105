package io.github.grokspring.test;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.grokspring.test.ChatRequest.Message;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Stores a limited number of responses.
 */
final class StoredResponses {

	private static final int CAPACITY = 1000;

	private final Map<String, StoredResponse> responses = new LinkedHashMap<>();

	synchronized void put(String id, byte[] json, List<JsonNode> input, List<Message> dialogue) {
		if (this.responses.size() == CAPACITY) {
			this.responses.remove(this.responses.keySet().iterator().next());
		}
		this.responses.put(id, new StoredResponse(json, withIds(input), dialogue));
	}

	/**
	 * Returns a response. Fails with 404 if it is unknown, was not stored or was deleted.
	 */
	synchronized StoredResponse get(String id) {
		StoredResponse response = this.responses.get(id);
		if (response == null) {
			throw ApiErrorException.of(404, "not-found", "Response with id " + id + " not found.");
		}
		return response;
	}

	synchronized void delete(String id) {
		get(id);
		this.responses.remove(id);
	}

	synchronized void clear() {
		this.responses.clear();
	}

	private static List<ObjectNode> withIds(List<JsonNode> input) {
		List<ObjectNode> items = new ArrayList<>();
		for (JsonNode item : input) {
			ObjectNode copy = item.deepCopy().asObject();
			if (!copy.path("id").isString()) {
				copy.put("id", "msg_" + Completion.newId());
			}
			items.add(copy);
		}
		return List.copyOf(items);
	}

	/**
	 * Stored response, its input, and the conversation up to and including it.
	 */
	record StoredResponse(byte[] json, List<ObjectNode> input, List<Message> dialogue) {
	}

}
