package io.github.grokspring.openai;

import java.util.Map;
import java.util.Set;

import com.openai.models.chat.completions.ChatCompletionNamedToolChoice;
import com.openai.models.chat.completions.ChatCompletionToolChoiceOption;
import io.github.grokspring.chain.GrokChatOptions;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Converts the tool choice of {@link GrokChatOptions} ({@code auto}, {@code none},
 * {@code required} or the name of a tool) from and to that of OpenAI options.
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
		logger.debug("Ignoring an OpenAI tool choice that xAI does not support: " + choice.getClass().getName());
		return null;
	}

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
