package io.github.grokspring.golden;

import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.chat.metadata.Usage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.content.Media;
import org.springframework.ai.content.MediaContent;

/**
 * Messages and responses as text that does not depend on the order of hash maps and names
 * the type of every value.
 */
final class Rendered {

	private Rendered() {
	}

	static String message(Message message) {
		List<String> lines = new ArrayList<>();
		lines.add(message.getMessageType() + " " + value(message.getText()));
		if (message instanceof MediaContent content) {
			content.getMedia().forEach((media) -> lines.add("media " + media(media)));
		}
		if (message instanceof AssistantMessage assistant) {
			assistant.getToolCalls()
				.forEach((call) -> lines.add("tool call " + value(call.id()) + " " + value(call.type()) + " "
						+ value(call.name()) + " " + value(call.arguments())));
		}
		if (message instanceof ToolResponseMessage tools) {
			tools.getResponses()
				.forEach((response) -> lines.add("tool response " + value(response.id()) + " " + value(response.name())
						+ " " + value(response.responseData())));
		}
		lines.addAll(entries(message.getMetadata()));
		return String.join("\n  ", lines) + "\n";
	}

	static String response(ChatResponse response) {
		List<String> lines = new ArrayList<>();
		lines.add("response " + value(response.getMetadata().getId()) + " " + value(response.getMetadata().getModel()));
		lines.add(usage(response.getMetadata().getUsage()));
		Map<String, Object> metadata = new TreeMap<>();
		response.getMetadata().entrySet().forEach((entry) -> metadata.put(entry.getKey(), entry.getValue()));
		lines.addAll(entries(metadata));
		for (Generation generation : response.getResults()) {
			lines.add("finish reason " + value(generation.getMetadata().getFinishReason()));
			Map<String, Object> entries = new TreeMap<>();
			generation.getMetadata().entrySet().forEach((entry) -> entries.put(entry.getKey(), entry.getValue()));
			lines.addAll(entries(entries));
			lines.add(message(generation.getOutput()).strip().replace("\n", "\n  "));
		}
		return String.join("\n  ", lines) + "\n";
	}

	private static String usage(Usage usage) {
		return "usage " + usage.getPromptTokens() + " + " + usage.getCompletionTokens() + " = " + usage.getTotalTokens()
				+ ", cache read " + usage.getCacheReadInputTokens() + ", cache write "
				+ usage.getCacheWriteInputTokens() + ", native " + value(usage.getNativeUsage());
	}

	private static String media(Media media) {
		Object data = media.getData();
		return media.getMimeType() + " id " + value(media.getId()) + " name " + value(media.getName()) + " "
				+ ((data instanceof byte[] bytes) ? HexFormat.of().formatHex(bytes) : value(data));
	}

	private static List<String> entries(Map<String, Object> map) {
		return new TreeMap<>(map).entrySet()
			.stream()
			.map((entry) -> entry.getKey() + " = " + value(entry.getValue()))
			.toList();
	}

	private static String character(int character) {
		return (character == '\\') ? "\\\\"
				: (character == '\n') ? "\\n" : (Character.isISOControl(character) || character == '\u2028')
						? "\\u%04x".formatted(character) : String.valueOf((char) character);
	}

	static String value(@Nullable Object value) {
		if (value == null) {
			return "null";
		}
		if (value instanceof CharSequence text) {
			return '"' + text.toString().chars().mapToObj(Rendered::character).collect(Collectors.joining()) + '"';
		}
		if (value instanceof List<?> list) {
			return list.stream().map(Rendered::value).toList().toString();
		}
		if (value instanceof Map<?, ?> map) {
			TreeSet<String> entries = new TreeSet<>();
			map.forEach((key, element) -> entries.add(key + "=" + value(element)));
			return entries.toString().replaceFirst("^\\[", "{").replaceFirst("]$", "}");
		}
		if (value instanceof byte[] bytes) {
			return Base64.getEncoder().encodeToString(bytes);
		}
		return value.getClass().isRecord() ? value.toString() : value + " (" + value.getClass().getSimpleName() + ")";
	}

}
