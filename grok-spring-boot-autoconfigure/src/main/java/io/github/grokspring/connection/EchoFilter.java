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
 * The texts of a request, and of its answer as far as it came: xAI repeats them in
 * errors, and whoever quotes xAI must not. Nothing is looked at before there is something
 * to quote. Safe for use by several threads.
 *
 * @since 0.1.0
 */
public final class EchoFilter {

	/** Nothing was said, so everything may be quoted. */
	public static final EchoFilter NONE = new EchoFilter(List::of, "", List.of(), List::of, new SecretFilter());

	private static final String REASONING = "reasoning";

	/** Longer texts in place of a link are encoded pictures. */
	private static final int LONGEST_LINK = 8_192;

	/**
	 * What errors are about, whether or not the request speaks of it too: parameters and
	 * ids of models.
	 */
	private static final Pattern NAMES = Pattern.compile("(?i)(?<![\\w-])(?:(?:presence|frequency)[_ ]?penalty"
			+ "|reasoning[_. ]?effort|parallel_?tool_?calls|max_?(?:completion|output|prompt)_?tokens"
			+ "|search_?parameters|previous_?response_?id|response_?format|service_?tier|top_?logprobs"
			+ "|stream_?options|encrypted_?content|prompt_?cache_?key|max_?tool_?calls"
			+ "|grok(?:-(?:\\d[\\d.]*|code|fast|mini|non|reasoning|latest|beta|vision|heavy|build|multi|agent"
			+ "|imagine|image|video))+)(?![\\w-])");

	private final Supplier<? extends Collection<String>> texts;

	private final String model;

	private final Collection<String> parameterNames;

	/** Fields of the request of which some may be secret. */
	private final Supplier<? extends Collection<?>> fields;

	private final SecretFilter secrets;

	private EchoFilter(Supplier<? extends Collection<String>> texts, String model, Collection<String> parameters,
			Supplier<? extends Collection<?>> fields, SecretFilter secrets) {
		this.texts = texts;
		this.model = model;
		this.parameterNames = parameters;
		this.fields = fields;
		this.secrets = secrets;
	}

	/**
	 * Of a request that holds nothing that somebody said.
	 * @return no texts, to which secrets can be added
	 */
	static EchoFilter empty() {
		return new EchoFilter(List::of, "", List.of(), List::of, new SecretFilter());
	}

	/**
	 * Add headers that the request is sent with. Their values count as secrets, of which
	 * nothing is quoted.
	 * @param headers names and values
	 */
	public void addSecrets(Map<String, String> headers) {
		if (this != NONE) {
			this.secrets.add(headers);
		}
	}

	/**
	 * The texts of a prompt.
	 * @param prompt the prompt, as it was sent
	 * @return its texts
	 */
	public static EchoFilter of(Prompt prompt) {
		if (prompt.getOptions() instanceof GrokChatOptions options) {
			return new EchoFilter(() -> texts(prompt), String.valueOf(options.getModel()),
					options.getExtraBody().keySet(), () -> List
						.of(options.getServerTools().stream().map(ServerTool::fields).toList(), options.getExtraBody()),
					new SecretFilter());
		}
		return new EchoFilter(() -> texts(prompt), "", List.of(), List::of, new SecretFilter());
	}

	/**
	 * A text alone.
	 * @param text the text
	 * @param model the model that it was sent to
	 * @return the text
	 */
	public static EchoFilter of(String text, String model) {
		return new EchoFilter(() -> List.of(text), model, List.of(), List::of, new SecretFilter());
	}

	/**
	 * These texts and those of an answer.
	 * @param answer the texts of the answer as far as it came, asked for when there is
	 * something to quote
	 * @return all of them
	 */
	public EchoFilter withResponse(Supplier<? extends Collection<String>> answer) {
		return new EchoFilter(() -> {
			List<String> all = new ArrayList<>(this.texts.get());
			answer.get().forEach((text) -> add(text, all));
			return all;
		}, this.model, this.parameterNames, this.fields, this.secrets);
	}

	/**
	 * The texts of an answer.
	 * @param answer the answer
	 * @return its texts
	 */
	public static List<String> of(ChatResponse answer) {
		List<String> texts = new ArrayList<>();
		answer.getResults().forEach((generation) -> add(generation.getOutput(), texts));
		return texts;
	}

	/**
	 * Cut out of a text what it has in common with secrets of the request.
	 * @param said what was said
	 * @return the text without secrets
	 */
	String withoutSecrets(String said) {
		return this.secrets.removeFrom(said, this.fields.get());
	}

	/**
	 * Cut out of a text whatever it has in common with these.
	 * @param said what xAI said
	 * @return what of it may be shown and logged
	 */
	String removeFrom(String said) {
		if (said.length() < EchoFinder.SHORTEST_TEXT) {
			return said;
		}
		Collection<String> sent = this.texts.get();
		if (sent.isEmpty()) {
			return said;
		}
		EchoFinder finder = new EchoFinder(said);
		sent.forEach(finder::lookFor);
		BitSet common = finder.echoes();
		if (common.isEmpty()) {
			return said;
		}
		Matcher names = NAMES.matcher(said);
		while (names.find()) {
			common.clear(names.start(), names.end());
		}
		keep(this.model, said, common);
		this.parameterNames.forEach((parameter) -> keep(parameter, said, common));
		return EchoFinder.replace(common, said, "[…]");
	}

	/**
	 * Whether a text has nothing in common with these.
	 * @param said what xAI said
	 * @return whether all of it may be shown and logged
	 */
	boolean isFreeOf(String said) {
		return withoutSecrets(said).equals(said) && removeFrom(said).equals(said);
	}

	private static void keep(String name, String said, BitSet common) {
		if (name.length() < EchoFinder.SHORTEST_TEXT) {
			return;
		}
		for (int at = said.indexOf(name); at >= 0; at = said.indexOf(name, at + 1)) {
			common.clear(at, at + name.length());
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

	// Pictures are no texts; what xAI repeats of them is known by its form.
	private static void add(Media media, List<String> texts) {
		if (media.getData() instanceof byte[] bytes) {
			if ("text".equals(media.getMimeType().getType())) {
				add(new String(bytes, StandardCharsets.UTF_8), texts);
			}
		}
		else if (media.getData() instanceof String link && link.length() <= LONGEST_LINK) {
			add(link, texts);
		}
	}

	private static void add(@Nullable String text, List<String> texts) {
		if (text != null && !text.isBlank()) {
			texts.add(text);
		}
	}

}
