package io.github.grokspring.connection;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.tool.ServerTool;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.content.Media;
import org.springframework.ai.content.MediaContent;

/**
 * Removes from error messages of xAI what they repeat of a request and its partial
 * response. Texts are not inspected until there is a message. Thread-safe.
 *
 * @since 0.1.0
 */
public final class EchoFilter {

	/**
	 * Filter that removes nothing.
	 */
	public static final EchoFilter NONE = new EchoFilter(List::of, "");

	private static final String REASONING = "reasoning";

	/** Longer URLs are encoded images. */
	private static final int MAX_URL_LENGTH = 8_192;

	/** Parameters and model IDs, which are kept even if the request mentions them. */
	private static final Pattern NAMES = Pattern.compile("(?i)(?<![\\w-])(?:(?:presence|frequency)[_ ]?penalty"
			+ "|reasoning[_. ]?effort|parallel_?tool_?calls|max_?(?:completion|output|prompt)_?tokens"
			+ "|search_?parameters|previous_?response_?id|response_?format|service_?tier|top_?logprobs"
			+ "|stream_?options|encrypted_?content|prompt_?cache_?key|max_?tool_?calls"
			+ "|grok(?:-(?:\\d[\\d.]*|code|fast|mini|non|reasoning|latest|beta|vision|heavy|build|multi|agent"
			+ "|imagine|image|video))+)(?![\\w-])");

	private final Supplier<? extends Collection<String>> texts;

	private final String model;

	private final Collection<String> parameterNames;

	/** Fields of the request that may contain secrets. */
	private final Supplier<? extends Collection<?>> fields;

	private final SecretFilter secrets;

	private EchoFilter(Supplier<? extends Collection<String>> texts, String model) {
		this(texts, model, List.of(), List::of, new SecretFilter());
	}

	private EchoFilter(Supplier<? extends Collection<String>> texts, String model, Collection<String> parameters,
			Supplier<? extends Collection<?>> fields, SecretFilter secrets) {
		this.texts = texts;
		this.model = model;
		this.parameterNames = parameters;
		this.fields = fields;
		this.secrets = secrets;
	}

	// For a request without user content, to which secrets can be added
	static EchoFilter empty() {
		return new EchoFilter(List::of, "");
	}

	/**
	 * Adds headers of the request. Their values are secret and removed from messages.
	 * @param headers the headers
	 */
	public void addSecrets(Map<String, String> headers) {
		if (this != NONE) {
			this.secrets.add(headers);
		}
	}

	/**
	 * Creates a filter for a prompt.
	 * @param prompt the prompt as it is sent
	 * @return the filter
	 */
	public static EchoFilter of(Prompt prompt) {
		if (prompt.getOptions() instanceof GrokChatOptions options) {
			return new EchoFilter(() -> texts(prompt), String.valueOf(options.getModel()),
					options.getExtraBody().keySet(), () -> List
						.of(options.getServerTools().stream().map(ServerTool::fields).toList(), options.getExtraBody()),
					new SecretFilter());
		}
		return new EchoFilter(() -> texts(prompt), "");
	}

	/**
	 * Creates a filter for a single text.
	 * @param text the text
	 * @param model the requested model
	 * @return the filter
	 */
	public static EchoFilter of(String text, String model) {
		return new EchoFilter(() -> List.of(text), model);
	}

	/**
	 * Returns a filter that also removes texts of the response.
	 * @param texts supplies the texts of the partial response when there is an error
	 * message
	 * @return the filter
	 */
	public EchoFilter withResponse(Supplier<? extends Collection<String>> texts) {
		return new EchoFilter(() -> {
			List<String> all = new ArrayList<>(this.texts.get());
			texts.get().forEach((text) -> add(text, all));
			return all;
		}, this.model, this.parameterNames, this.fields, this.secrets);
	}

	/**
	 * Returns the texts of a response.
	 * @param response the response
	 * @return the texts
	 */
	public static List<String> textsOf(ChatResponse response) {
		List<String> texts = new ArrayList<>();
		response.getResults().forEach((generation) -> add(generation.getOutput(), texts));
		return texts;
	}

	String withoutSecrets(String message) {
		return this.secrets.removeFrom(message, this.fields.get());
	}

	String removeFrom(String message) {
		if (message.length() < EchoFinder.SHORTEST_TEXT) {
			return message;
		}
		Collection<String> texts = this.texts.get();
		if (texts.isEmpty()) {
			return message;
		}
		EchoFinder finder = new EchoFinder(message);
		texts.forEach(finder::search);
		BitSet echoes = finder.echoes();
		if (echoes.isEmpty()) {
			return message;
		}
		Matcher names = NAMES.matcher(message);
		while (names.find()) {
			echoes.clear(names.start(), names.end());
		}
		unmark(this.model, message, echoes);
		this.parameterNames.forEach((parameter) -> unmark(parameter, message, echoes));
		return EchoFinder.replace(echoes, message, "[…]");
	}

	boolean isFreeOf(String message) {
		return withoutSecrets(message).equals(message) && removeFrom(message).equals(message);
	}

	private static void unmark(String name, String message, BitSet echoes) {
		if (name.length() < EchoFinder.SHORTEST_TEXT) {
			return;
		}
		for (int at = message.indexOf(name); at >= 0; at = message.indexOf(name, at + 1)) {
			echoes.clear(at, at + name.length());
		}
	}

	private static List<String> texts(Prompt prompt) {
		List<String> texts = new ArrayList<>();
		prompt.getInstructions().forEach((message) -> add(message, texts));
		return texts;
	}

	private static void add(Message message, List<String> texts) {
		add(message.getText(), texts);
		if (message instanceof AssistantMessage assistant) {
			assistant.getToolCalls().forEach((call) -> add(call.arguments(), texts));
			for (Map.Entry<String, Object> entry : assistant.getMetadata().entrySet()) {
				if (entry.getKey().contains(REASONING) && entry.getValue() instanceof String reasoning) {
					add(reasoning, texts);
				}
			}
		}
		if (message instanceof ToolResponseMessage tools) {
			tools.getResponses().forEach((response) -> add(response.responseData(), texts));
		}
		if (message instanceof MediaContent content) {
			content.getMedia().forEach((media) -> add(media, texts));
		}
	}

	// Images are recognized by their encoding instead
	private static void add(Media media, List<String> texts) {
		if (media.getData() instanceof byte[] bytes) {
			if ("text".equals(media.getMimeType().getType())) {
				add(new String(bytes, StandardCharsets.UTF_8), texts);
			}
		}
		else if (media.getData() instanceof String url && url.length() <= MAX_URL_LENGTH) {
			add(url, texts);
		}
	}

	private static void add(@Nullable String text, List<String> texts) {
		if (text != null && !text.isBlank()) {
			texts.add(text);
		}
	}

}
