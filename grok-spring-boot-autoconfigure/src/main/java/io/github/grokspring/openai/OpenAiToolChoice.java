package io.github.grokspring.openai;

import java.util.Map;
import java.util.Set;

import com.openai.models.chat.completions.ChatCompletionNamedToolChoice;
import com.openai.models.chat.completions.ChatCompletionToolChoiceOption;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The forms in which OpenAI options name a tool, and the one that Grok options use:
 * {@code auto}, {@code none}, {@code required} or the name of a tool.
 */
final class OpenAiToolChoice {

	private static final Log logger = LogFactory.getLog(OpenAiToolChoice.class);

	private static final Set<String> MODES = Set.of("auto", "none", "required");

	private static final JsonMapper json = JsonMapper.shared();

	private OpenAiToolChoice() {
	}

	static @Nullable String read(@Nullable Object choice) {
		if (choice == null) {
			return null;
		}
		if (choice instanceof String text) {
			return readText(text.strip());
		}
		if (choice instanceof Map<?, ?> map) {
			return readMap(map);
		}
		if (choice instanceof ChatCompletionToolChoiceOption.Auto mode) {
			return mode.asString();
		}
		if (choice instanceof ChatCompletionNamedToolChoice named) {
			return named.function().name();
		}
		if (choice instanceof ChatCompletionToolChoiceOption option) {
			if (option.isAuto()) {
				return option.asAuto().asString();
			}
			if (option.isNamedToolChoice()) {
				return option.asNamedToolChoice().function().name();
			}
		}
		logger.debug("A tool choice of OpenAI that xAI does not know is left out: " + choice.getClass().getName());
		return null;
	}

	// The form that Spring AI's OpenAI model takes.
	static Object write(String choice) {
		if (MODES.contains(choice)) {
			return choice;
		}
		ChatCompletionNamedToolChoice.Function function = ChatCompletionNamedToolChoice.Function.builder()
			.name(choice)
			.build();
		return ChatCompletionToolChoiceOption
			.ofNamedToolChoice(ChatCompletionNamedToolChoice.builder().function(function).build());
	}

	private static String readText(String text) {
		if (!text.startsWith("{")) {
			return text;
		}
		Map<?, ?> map;
		try {
			map = json.readValue(text, Map.class);
		}
		catch (JacksonException ex) {
			throw unknownForm(ex);
		}
		return readMap(map);
	}

	private static String readMap(Map<?, ?> map) {
		if (map.get("type") instanceof String type && MODES.contains(type)) {
			return type;
		}
		if (map.get("function") instanceof Map<?, ?> function && function.get("name") instanceof String name) {
			return name;
		}
		throw unknownForm(null);
	}

	private static IllegalArgumentException unknownForm(@Nullable Exception cause) {
		return new IllegalArgumentException("'toolChoice' must be \"auto\", \"none\", \"required\" or "
				+ "{\"type\":\"function\",\"function\":{\"name\":\"<tool>\"}}", cause);
	}

}
