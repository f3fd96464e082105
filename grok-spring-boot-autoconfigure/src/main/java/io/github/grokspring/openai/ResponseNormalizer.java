package io.github.grokspring.openai;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.grokspring.wire.ErrorFields;
import io.github.grokspring.wire.JsonValues;
import io.github.grokspring.wire.TokenCounts;
import io.github.grokspring.wire.ToolCallAssembler;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.ai.chat.messages.AssistantMessage;

/**
 * Rewrites what the SDK or Spring AI would refuse, lose or put together wrongly, although
 * it is known what it means. Most responses stay as they are.
 */
final class ResponseNormalizer {

	private static final String CHOICES = "choices";

	private static final String TOKENS = "_tokens";

	private static final String TOOL_CALLS = "tool_calls";

	private static final String INDEX = "index";

	private static final String CONTENT = "content";

	private static final String REFUSAL = "refusal";

	private static final String AUDIO = "audio";

	private static final String FINISH_REASON = "finish_reason";

	/** The field that holds the message of a whole response. */
	static final String MESSAGE = "message";

	/** The field that holds a piece of the message of a stream. */
	static final String DELTA = "delta";

	private static final List<String> REQUIRED_TEXTS = List.of("id", "model");

	/** Those that the SDK knows. */
	private static final Set<String> FINISH_REASONS = Set.of("stop", "length", TOOL_CALLS, "content_filter",
			"function_call");

	private static final List<String> REQUIRED_COUNTS = List.of("prompt_tokens", "completion_tokens", "total_tokens");

	private ResponseNormalizer() {
	}

	/**
	 * The error that a response or a chunk is.
	 * @param json its fields
	 * @return a body with the error at its top level, or {@code null} if it is none
	 */
	static byte @Nullable [] error(Map<String, @Nullable Object> json) {
		if (ErrorFields.isError(json.get("error"), !choices(json).isEmpty())) {
			return bytes(json);
		}
		for (Map<String, @Nullable Object> choice : choices(json)) {
			byte[] error = ErrorFields.fromChoice(choice.get("error"), choice.get("finish_reason"));
			if (error != null) {
				return error;
			}
		}
		return null;
	}

	/**
	 * Makes a response or a chunk complete in the sense of the SDK.
	 * @param json the fields of a response or a chunk
	 * @param message the name of the field that holds the message, or a piece of it
	 * @param call is told of finish reasons that the SDK does not know
	 * @return whether something was changed
	 */
	static boolean normalize(Map<String, @Nullable Object> json, String message, InFlightCall call) {
		boolean changed = complete(json) | normalizeUsage(json);
		int position = 0;
		for (Map<String, @Nullable Object> choice : choices(json)) {
			changed |= completeChoice(choice, position++, message) | replaceFinishReason(choice, message, call);
		}
		return changed;
	}

	private static boolean complete(Map<String, @Nullable Object> json) {
		boolean changed = json.containsKey("error");
		json.remove("error");
		if (!(json.get(CHOICES) instanceof List<?>)) {
			json.put(CHOICES, List.of());
			changed = true;
		}
		for (String text : REQUIRED_TEXTS) {
			if (!(json.get(text) instanceof String)) {
				json.put(text, "");
				changed = true;
			}
		}
		if (!(json.get("created") instanceof Number)) {
			json.put("created", 0);
			changed = true;
		}
		return changed;
	}

	private static boolean completeChoice(Map<String, @Nullable Object> choice, int position, String message) {
		boolean changed = false;
		if (!(choice.get(INDEX) instanceof Number)) {
			int index = JsonValues.toPosition(choice.get(INDEX));
			choice.put(INDEX, (index >= 0) ? index : position);
			changed = true;
		}
		if (DELTA.equals(message) && !(choice.get(DELTA) instanceof Map<?, ?>)) {
			// Some servers stream whole messages
			choice.put(message, (choice.get(MESSAGE) instanceof Map<?, ?> whole) ? whole : Map.of());
			changed = true;
		}
		if (choice.get(message) instanceof Map<?, ?> fields && isIrregular(fields)) {
			choice.put(message, regular(fields));
			changed = true;
		}
		return changed;
	}

	private static boolean isIrregular(Map<?, ?> message) {
		return message.get(CONTENT) instanceof List<?> || message.get(TOOL_CALLS) instanceof Map<?, ?>
				|| !isText(message.get(REFUSAL)) || message.get(AUDIO) != null;
	}

	private static boolean isText(@Nullable Object value) {
		return value == null || value instanceof String;
	}

	private static Map<String, @Nullable Object> regular(Map<?, ?> message) {
		Map<String, @Nullable Object> copy = copy(message);
		if (message.get(CONTENT) instanceof List<?> parts) {
			copy.put(CONTENT, text(parts));
		}
		if (message.get(TOOL_CALLS) instanceof Map<?, ?> call) {
			copy.put(TOOL_CALLS, List.of(call));
		}
		if (!isText(message.get(REFUSAL))) {
			copy.remove(REFUSAL);
		}
		// Grok writes none, and the SDK refuses one that is not whole
		copy.remove(AUDIO);
		return copy;
	}

	private static String text(List<?> parts) {
		StringBuilder text = new StringBuilder();
		for (Object part : parts) {
			if (part instanceof Map<?, ?> fields && fields.get("text") instanceof String piece) {
				text.append(piece);
			}
		}
		return text.toString();
	}

	private static boolean replaceFinishReason(Map<String, @Nullable Object> choice, String message,
			InFlightCall call) {
		if (choice.get(FINISH_REASON) instanceof String reason && !reason.isBlank()) {
			if (FINISH_REASONS.contains(reason)) {
				return false;
			}
			call.finishReason(String.valueOf(choice.get(INDEX)), reason);
			choice.put(FINISH_REASON, "stop");
			return true;
		}
		// Only a whole response has ended without saying so
		String reason = !MESSAGE
			.equals(message)
					? null
					: (choice.get(message) instanceof Map<?, ?> fields
							&& fields.get(TOOL_CALLS) instanceof List<?> calls && !calls.isEmpty()) ? TOOL_CALLS
									: "stop";
		boolean changed = choice.get(FINISH_REASON) != null || reason != null;
		choice.put(FINISH_REASON, reason);
		return changed;
	}

	/**
	 * Makes numbers of the counts of the usage.
	 */
	private static boolean normalizeUsage(Map<String, @Nullable Object> json) {
		boolean changed = false;
		if (json.get("usage") instanceof Map<?, ?> usage) {
			Map<String, @Nullable Object> counts = TokenCounts.normalize(usage);
			// The SDK refuses the whole response when one of these is missing
			for (String count : REQUIRED_COUNTS) {
				if (!(counts.get(count) instanceof Number)) {
					counts.put(count, 0);
				}
			}
			limit(counts);
			if (!counts.equals(usage)) {
				json.put("usage", counts);
				changed = true;
			}
		}
		return changed;
	}

	/**
	 * Limits counts of tokens to what Spring AI can read. They are not believed anyway.
	 */
	@SuppressWarnings("unchecked")
	private static void limit(Map<String, @Nullable Object> counts) {
		counts.replaceAll((name, count) -> {
			if (count instanceof Map<?, ?> details) {
				limit((Map<String, @Nullable Object>) details);
			}
			boolean whole = !(count instanceof Double || count instanceof Float);
			long tokens = TokenCounts.count(counts, name);
			return (count instanceof Number && name.endsWith(TOKENS) && (tokens > Integer.MAX_VALUE || !whole))
					? (int) Math.min(tokens, Integer.MAX_VALUE) : count;
		});
	}

	/**
	 * Makes the tool calls of a whole response what the SDK expects.
	 * @param json the fields of the response
	 * @return whether something was changed
	 */
	static boolean normalizeToolCalls(Map<String, @Nullable Object> json) {
		boolean changed = false;
		for (Map<String, @Nullable Object> choice : choices(json)) {
			if (choice.get("message") instanceof Map<?, ?> message && message.get(TOOL_CALLS) instanceof List<?> calls
					&& !calls.stream().allMatch(ResponseNormalizer::isUsual)) {
				ToolCallAssembler assembler = new ToolCallAssembler();
				assembler.addMessage(calls);
				Map<String, @Nullable Object> copy = copy(message);
				copy.put(TOOL_CALLS, toolCalls(assembler));
				choice.put("message", copy);
				changed = true;
			}
		}
		return changed;
	}

	private static boolean isUsual(@Nullable Object call) {
		return call instanceof Map<?, ?> fields && fields.get("id") instanceof String
				&& "function".equals(fields.get("type")) && fields.get("function") instanceof Map<?, ?> function
				&& function.get("arguments") instanceof String && function.get("name") instanceof String name
				&& !name.isEmpty() && !(fields.get(INDEX) instanceof String);
	}

	/**
	 * Tool calls as elements of {@code tool_calls}, with the ids that the SDK requires.
	 */
	static List<Map<String, Object>> toolCalls(ToolCallAssembler assembler) {
		List<Map<String, Object>> elements = new ArrayList<>();
		for (AssistantMessage.ToolCall call : assembler.toolCalls()) {
			Map<String, Object> element = new LinkedHashMap<>();
			element.put("index", elements.size());
			element.put("id", call.id().isEmpty() ? "call_" + elements.size() : call.id());
			element.put("type", "function");
			element.put("function", Map.of("name", call.name(), "arguments", call.arguments()));
			elements.add(element);
		}
		return elements;
	}

	/**
	 * The choices of a response or a chunk, which may be changed.
	 */
	@SuppressWarnings("unchecked")
	static List<Map<String, @Nullable Object>> choices(Map<String, @Nullable Object> json) {
		List<Map<String, @Nullable Object>> choices = new ArrayList<>(1);
		if (json.get(CHOICES) instanceof List<?> list) {
			for (Object choice : list) {
				if (choice instanceof Map<?, ?> map) {
					choices.add((Map<String, @Nullable Object>) map);
				}
			}
		}
		return choices;
	}

	static Map<String, @Nullable Object> copy(Map<?, ?> map) {
		Map<String, @Nullable Object> copy = new LinkedHashMap<>();
		map.forEach((key, value) -> copy.put(String.valueOf(key), value));
		return copy;
	}

	static byte[] bytes(Map<String, @Nullable Object> json) {
		return JsonMapper.shared().writeValueAsBytes(json);
	}

}
