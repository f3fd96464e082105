package io.github.grokspring.cache;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;

import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.tool.ServerTool;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.content.Media;
import org.springframework.ai.content.MediaContent;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.definition.ToolDefinition;

/**
 * The key of a request: a digest of everything that shapes its answer.
 */
final class CacheKey {

	private static final String FORMAT = "grok-response-1";

	/**
	 * What of the options shapes an answer.
	 */
	static final Map<String, Function<GrokChatOptions, @Nullable Object>> SHAPES = shapes();

	/**
	 * What of the options does not: where and how long a request waits, what the
	 * application keeps for its tools, and what is said to the cache itself. The user
	 * belongs to the scope.
	 */
	static final Set<String> WITHOUT_INFLUENCE = Set.of("conversationId", "promptCache", "timeout", "toolContext",
			"user", "cacheMode", "cacheTtl", "cacheServerTools", "runawayGuard");

	/**
	 * What of the metadata of a message is sent.
	 */
	private static final List<String> SENT_METADATA = List.of("grok.reasoning-items", "grok.reasoning-models");

	/** Leads to a server of xAI, and does nothing else. */
	private static final String CONVERSATION = "x-grok-conv-id";

	/** What Spring AI calls media that have no name. */
	private static final Pattern NAMELESS = Pattern
		.compile("media-.*-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

	private final CanonicalDigest form = new CanonicalDigest();

	/**
	 * Ids of tool calls are drawn anew in every answer; what counts is which is which.
	 */
	private final Map<String, Integer> toolCalls = new HashMap<>();

	private CacheKey() {
	}

	/**
	 * The key of a request.
	 * @param client the client
	 * @param prompt the prompt
	 * @param options its complete options
	 * @param scope who shares answers
	 * @param tenant on whose account the prompt goes
	 * @return the key, or {@code null} if the request has values of which nothing says
	 * what they are equal to
	 */
	static @Nullable String of(String client, Prompt prompt, GrokChatOptions options, CacheScope scope,
			@Nullable String tenant) {
		CacheKey key = new CacheKey();
		try {
			key.form.add(FORMAT).add(scope.endpoint()).add(scope.namespace()).add(scope.redacted()).add(client);
			key.form.add(scope.perTenant() ? tenant : null).add(scope.perTenant() ? options.getUser() : null);
			SHAPES.forEach((name, value) -> key.form.add(name).add(value.apply(options)));
			key.form.add(prompt.getInstructions().size());
			prompt.getInstructions().forEach(key::add);
		}
		catch (CanonicalDigest.UnknownValueException ex) {
			return null;
		}
		return key.form.digest();
	}

	private void add(Message message) {
		this.form.add(message.getMessageType()).add(message.getText());
		List<Media> media = (message instanceof MediaContent content) ? content.getMedia() : List.of();
		this.form.add(media.size());
		media.forEach(this::add);
		SENT_METADATA.forEach((name) -> this.form.add(message.getMetadata().get(name)));
		if (message instanceof AssistantMessage assistant) {
			this.form.add(assistant.getToolCalls().size());
			assistant.getToolCalls()
				.forEach((call) -> this.form.add(number(call.id()))
					.add(call.type())
					.add(call.name())
					.add(call.arguments()));
		}
		if (message instanceof ToolResponseMessage tools) {
			this.form.add(tools.getResponses().size());
			tools.getResponses()
				.forEach((response) -> this.form.add(number(response.id()))
					.add(response.name())
					.add(response.responseData()));
		}
	}

	private void add(Media media) {
		boolean image = "image".equals(media.getMimeType().getType());
		String name = media.getName();
		boolean named = !image && name != null && !NAMELESS.matcher(name).matches();
		this.form.add(media.getMimeType().toString()).add(media.getId()).add(named ? name : null).add(media.getData());
	}

	private Integer number(@Nullable String id) {
		return this.toolCalls.computeIfAbsent(String.valueOf(id), (any) -> this.toolCalls.size());
	}

	private static Map<String, Function<GrokChatOptions, @Nullable Object>> shapes() {
		Map<String, Function<GrokChatOptions, @Nullable Object>> shapes = new LinkedHashMap<>();
		shapes.put("model", GrokChatOptions::getModel);
		shapes.put("api", GrokChatOptions::getApi);
		shapes.put("temperature", GrokChatOptions::getTemperature);
		shapes.put("topP", GrokChatOptions::getTopP);
		shapes.put("topK", GrokChatOptions::getTopK);
		shapes.put("maxTokens", GrokChatOptions::getMaxTokens);
		shapes.put("seed", GrokChatOptions::getSeed);
		shapes.put("stopSequences", GrokChatOptions::getStopSequences);
		shapes.put("presencePenalty", GrokChatOptions::getPresencePenalty);
		shapes.put("frequencyPenalty", GrokChatOptions::getFrequencyPenalty);
		shapes.put("reasoningEffort", GrokChatOptions::getReasoningEffort);
		shapes.put("encryptedReasoning", GrokChatOptions::getEncryptedReasoning);
		shapes.put("toolCallbacks", (options) -> tools(options.getToolCallbacks()));
		shapes.put("toolChoice", GrokChatOptions::getToolChoice);
		shapes.put("parallelToolCalls", GrokChatOptions::getParallelToolCalls);
		shapes.put("serverTools", (options) -> options.getServerTools().stream().map(ServerTool::fields).toList());
		shapes.put("maxTurns", GrokChatOptions::getMaxTurns);
		shapes.put("include", GrokChatOptions::getInclude);
		shapes.put("responseFormat", GrokChatOptions::getResponseFormat);
		shapes.put("outputSchema", GrokChatOptions::getOutputSchema);
		shapes.put("n", GrokChatOptions::getN);
		shapes.put("logprobs", GrokChatOptions::getLogprobs);
		shapes.put("topLogprobs", GrokChatOptions::getTopLogprobs);
		shapes.put("logitBias", GrokChatOptions::getLogitBias);
		shapes.put("serviceTier", GrokChatOptions::getServiceTier);
		shapes.put("store", GrokChatOptions::getStore);
		shapes.put("previousResponseId", GrokChatOptions::getPreviousResponseId);
		shapes.put("extraBody", GrokChatOptions::getExtraBody);
		shapes.put("headers", (options) -> headers(options.getHeaders()));
		return shapes;
	}

	private static List<List<String>> tools(@Nullable List<ToolCallback> callbacks) {
		List<List<String>> tools = new ArrayList<>();
		if (callbacks != null) {
			for (ToolCallback callback : callbacks) {
				ToolDefinition tool = callback.getToolDefinition();
				tools.add(List.of(tool.name(), tool.description(), tool.inputSchema()));
			}
		}
		return tools;
	}

	private static Map<String, String> headers(Map<String, String> headers) {
		Map<String, String> others = new TreeMap<>();
		headers.forEach((name, value) -> others.put(name.toLowerCase(Locale.ROOT), value));
		others.remove(CONVERSATION);
		return others;
	}

}
