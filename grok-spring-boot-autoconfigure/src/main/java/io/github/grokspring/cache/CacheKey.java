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
 * Computes the cache key of a request: a digest of everything that influences the
 * response.
 */
final class CacheKey {

	private static final String FORMAT = "grok-response-1";

	static final Map<String, Function<GrokChatOptions, @Nullable Object>> OPTIONS = shapingOptions();

	/**
	 * Options that do not: routing and timeouts, the context of the application's tools,
	 * and the cache settings themselves. The user is part of the scope.
	 */
	static final Set<String> IGNORED_OPTIONS = Set.of("conversationId", "promptCache", "timeout", "toolContext", "user",
			"cacheMode", "cacheTtl", "cacheServerTools", "runawayGuard");

	private static final List<String> SENT_METADATA = List.of("grok.reasoning-items", "grok.reasoning-models");

	/** Header that only routes a conversation to a server. */
	private static final String CONVERSATION = "x-grok-conv-id";

	/** Names that Spring AI generates for unnamed media. */
	private static final Pattern GENERATED_NAME = Pattern
		.compile("media-.*-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

	private final CanonicalDigest digest = new CanonicalDigest();

	/**
	 * Numbers of tool calls by id. The ids are random; only their identity matters.
	 */
	private final Map<String, Integer> toolCalls = new HashMap<>();

	private CacheKey() {
	}

	/**
	 * Returns the key of a request.
	 * @return the key, or {@code null} if the request contains values whose equality is
	 * not defined
	 */
	static @Nullable String of(String client, Prompt prompt, GrokChatOptions options, CacheScope scope,
			@Nullable String tenant) {
		CacheKey key = new CacheKey();
		try {
			key.digest.add(FORMAT).add(scope.endpoint()).add(scope.namespace()).add(scope.redacted()).add(client);
			key.digest.add(scope.perTenant() ? tenant : null).add(scope.perTenant() ? options.getUser() : null);
			OPTIONS.forEach((name, value) -> key.digest.add(name).add(value.apply(options)));
			key.digest.add(prompt.getInstructions().size());
			prompt.getInstructions().forEach(key::add);
		}
		catch (CanonicalDigest.UnknownValueException ex) {
			return null;
		}
		return key.digest.digest();
	}

	private void add(Message message) {
		this.digest.add(message.getMessageType()).add(message.getText());
		List<Media> media = (message instanceof MediaContent content) ? content.getMedia() : List.of();
		this.digest.add(media.size());
		media.forEach(this::add);
		SENT_METADATA.forEach((name) -> this.digest.add(message.getMetadata().get(name)));
		if (message instanceof AssistantMessage assistant) {
			this.digest.add(assistant.getToolCalls().size());
			assistant.getToolCalls()
				.forEach((call) -> this.digest.add(toolCallNumber(call.id()))
					.add(call.type())
					.add(call.name())
					.add(call.arguments()));
		}
		if (message instanceof ToolResponseMessage tools) {
			this.digest.add(tools.getResponses().size());
			tools.getResponses()
				.forEach((response) -> this.digest.add(toolCallNumber(response.id()))
					.add(response.name())
					.add(response.responseData()));
		}
	}

	private void add(Media media) {
		boolean image = "image".equals(media.getMimeType().getType());
		String name = media.getName();
		boolean named = !image && name != null && !GENERATED_NAME.matcher(name).matches();
		this.digest.add(media.getMimeType().toString())
			.add(media.getId())
			.add(named ? name : null)
			.add(media.getData());
	}

	private Integer toolCallNumber(@Nullable String id) {
		return this.toolCalls.computeIfAbsent(String.valueOf(id), (any) -> this.toolCalls.size());
	}

	private static Map<String, Function<GrokChatOptions, @Nullable Object>> shapingOptions() {
		Map<String, Function<GrokChatOptions, @Nullable Object>> values = new LinkedHashMap<>();
		values.put("model", GrokChatOptions::getModel);
		values.put("api", GrokChatOptions::getApi);
		values.put("temperature", GrokChatOptions::getTemperature);
		values.put("topP", GrokChatOptions::getTopP);
		values.put("topK", GrokChatOptions::getTopK);
		values.put("maxTokens", GrokChatOptions::getMaxTokens);
		values.put("seed", GrokChatOptions::getSeed);
		values.put("stopSequences", GrokChatOptions::getStopSequences);
		values.put("presencePenalty", GrokChatOptions::getPresencePenalty);
		values.put("frequencyPenalty", GrokChatOptions::getFrequencyPenalty);
		values.put("reasoningEffort", GrokChatOptions::getReasoningEffort);
		values.put("encryptedReasoning", GrokChatOptions::getEncryptedReasoning);
		values.put("toolCallbacks", (options) -> toolDefinitions(options.getToolCallbacks()));
		values.put("toolChoice", GrokChatOptions::getToolChoice);
		values.put("parallelToolCalls", GrokChatOptions::getParallelToolCalls);
		values.put("serverTools", (options) -> options.getServerTools().stream().map(ServerTool::fields).toList());
		values.put("maxTurns", GrokChatOptions::getMaxTurns);
		values.put("include", GrokChatOptions::getInclude);
		values.put("responseFormat", GrokChatOptions::getResponseFormat);
		values.put("outputSchema", GrokChatOptions::getOutputSchema);
		values.put("n", GrokChatOptions::getN);
		values.put("logprobs", GrokChatOptions::getLogprobs);
		values.put("topLogprobs", GrokChatOptions::getTopLogprobs);
		values.put("logitBias", GrokChatOptions::getLogitBias);
		values.put("serviceTier", GrokChatOptions::getServiceTier);
		values.put("store", GrokChatOptions::getStore);
		values.put("previousResponseId", GrokChatOptions::getPreviousResponseId);
		values.put("extraBody", GrokChatOptions::getExtraBody);
		values.put("headers", (options) -> headers(options.getHeaders()));
		return values;
	}

	private static List<List<String>> toolDefinitions(@Nullable List<ToolCallback> callbacks) {
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
