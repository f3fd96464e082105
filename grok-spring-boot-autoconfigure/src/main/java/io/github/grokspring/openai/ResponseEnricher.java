package io.github.grokspring.openai;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.core.type.TypeReference;
import com.openai.core.ObjectMappers;
import com.openai.models.completions.CompletionUsage;
import io.github.grokspring.chain.ChatResponses;
import io.github.grokspring.connection.EchoFilter;
import io.github.grokspring.connection.ResponseHeaders;
import io.github.grokspring.token.BilledOutput;
import io.github.grokspring.tool.Citation;
import io.github.grokspring.wire.TokenCounts;
import io.github.grokspring.wire.TruncatedToolCalls;
import io.github.grokspring.wire.UrlCitations;
import okio.Utf8;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.SynchronousSink;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.metadata.ChatGenerationMetadata;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.metadata.Usage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.util.StringUtils;

/**
 * Adds to Spring AI's response of one call what xAI bills and what its headers say. In a
 * stream, merges the elements with tool calls, finish reason and usage into a single last
 * element. Not thread-safe.
 */
final class ResponseEnricher {

	private static final String SPRING_AI_REASONING = "reasoningContent";

	private static final String REASONING = "reasoning";

	private static final String REASONING_DELTA = "reasoning-delta";

	private static final String REFUSAL = "refusal";

	private static final String FINISH_REASON = "finishReason";

	private static final String ANNOTATIONS = "annotations";

	private static final String SERVICE_TIER = "service_tier";

	private static final TypeReference<Map<String, @Nullable Object>> MAP = new TypeReference<>() {
	};

	private final OkHttpExchange exchange;

	private final StringBuilder text = new StringBuilder(0);

	private final StringBuilder refusal = new StringBuilder(0);

	private String reasoning = "";

	/** First half of a surrogate pair whose second half has not arrived. */
	private String highSurrogate = "";

	private String id = "";

	private String model = "";

	private boolean finished;

	private @Nullable Object serviceTier;

	private @Nullable Usage usage;

	private @Nullable ChatResponse last;

	ResponseEnricher(OkHttpExchange exchange) {
		this.exchange = exchange;
	}

	/**
	 * Enriches the response of a blocking call.
	 */
	ChatResponse enrich(ChatResponse response) {
		read(response);
		// Spring AI omits a finish reason that OpenAI does not define.
		return complete(response, !this.finished);
	}

	/**
	 * Handles the next element of a stream. Holds back those that belong to the last
	 * element.
	 */
	void next(ChatResponse element, SynchronousSink<ChatResponse> sink) {
		boolean end = read(element);
		if (!this.exchange.addContent(size(element))) {
			sink.error(this.exchange.responseTooLarge());
			return;
		}
		boolean counted = usage(element.getMetadata().getUsage()) != null;
		if (element.getResults().isEmpty() && !counted) {
			return;
		}
		ChatResponse next = withWholeCharacters(element, end);
		next.getResults().forEach((generation) -> this.text.append(text(generation)));
		if (end || element.hasToolCalls() || (counted && !ChatResponses.hasContent(next))) {
			this.last = (this.last != null) ? merge(this.last, next) : next;
			return;
		}
		sink.next(counted ? new ChatResponse(next.getResults(), copy(next.getMetadata()).build()) : next);
	}

	/**
	 * Whether the stream has had a finish reason.
	 */
	boolean isFinished() {
		return this.finished;
	}

	/**
	 * Returns the last element of a finished stream.
	 */
	ChatResponse last() {
		ChatResponse last = complete((this.last != null) ? this.last : new ChatResponse(List.of()), false);
		this.last = last;
		return last;
	}

	/**
	 * Returns a finished stream as a single response, or {@code null} if it is not
	 * finished.
	 */
	@Nullable ChatResponse aggregate() {
		if (!this.finished || this.last == null) {
			return null;
		}
		return new ChatResponse(this.last.getResults()
			.stream()
			.map((generation) -> withText(generation, this.text.toString()))
			.toList(), this.last.getMetadata());
	}

	/**
	 * Returns a filter that also removes what the model has written so far.
	 */
	EchoFilter echoFilter() {
		return this.exchange.echoFilter().withResponse(() -> List.of(this.text.toString(), this.reasoning));
	}

	private ChatResponse withWholeCharacters(ChatResponse element, boolean end) {
		Generation generation = (element.getResults().size() == 1) ? element.getResults().get(0) : null;
		String text = (generation != null) ? text(generation) : "";
		if (generation == null || (text.isEmpty() && !end)) {
			return element;
		}
		boolean whole = end || !endsInHighSurrogate(text);
		if (this.highSurrogate.isEmpty() && whole) {
			return element;
		}
		String joined = this.highSurrogate + (whole ? text : text.substring(0, text.length() - 1));
		this.highSurrogate = whole ? "" : text.substring(text.length() - 1);
		return new ChatResponse(List.of(withText(generation, joined)), element.getMetadata());
	}

	private static boolean endsInHighSurrogate(String text) {
		return !text.isEmpty() && Character.isHighSurrogate(text.charAt(text.length() - 1));
	}

	private static Generation withText(Generation generation, String text) {
		AssistantMessage message = generation.getOutput();
		return new Generation(AssistantMessage.builder()
			.content(text)
			.properties(message.getMetadata())
			.toolCalls(message.getToolCalls())
			.media(message.getMedia())
			.build(), generation.getMetadata());
	}

	private static long size(ChatResponse element) {
		long size = 0;
		for (Generation generation : element.getResults()) {
			AssistantMessage message = generation.getOutput();
			size += size(message.getText()) + size(message.getMetadata().get(REASONING_DELTA))
					+ size(message.getMetadata().get(REFUSAL));
			for (AssistantMessage.ToolCall toolCall : message.getToolCalls()) {
				size += size(toolCall.arguments());
			}
		}
		return size;
	}

	private static long size(@Nullable Object text) {
		return (text instanceof String string) ? Utf8.size(string) : 0;
	}

	private boolean read(ChatResponse response) {
		boolean end = false;
		for (Generation generation : response.getResults()) {
			end |= StringUtils.hasLength(generation.getMetadata().getFinishReason());
			Map<String, Object> message = generation.getOutput().getMetadata();
			replaceSdkTypes(message);
			readReasoning(message);
			if (message.get(REFUSAL) instanceof String piece) {
				this.refusal.append(piece);
			}
		}
		this.id = textOr(response.getMetadata().getId(), this.id);
		this.model = textOr(response.getMetadata().getModel(), this.model);
		this.finished |= end;
		Object serviceTier = response.getMetadata().get(SERVICE_TIER);
		this.serviceTier = (serviceTier != null) ? serviceTier : this.serviceTier;
		Usage usage = usage(response.getMetadata().getUsage());
		this.usage = (usage != null) ? usage : this.usage;
		return end;
	}

	private static ChatResponse merge(ChatResponse first, ChatResponse second) {
		List<Generation> results = new ArrayList<>(first.getResults());
		if (results.isEmpty() || second.hasToolCalls()) {
			results.addAll(second.getResults());
		}
		else if (!second.getResults().isEmpty()) {
			Generation generation = results.get(0);
			Generation end = second.getResults().get(0);
			results.set(0,
					new Generation(withText(generation, text(generation) + text(end)).getOutput(), end.getMetadata()));
		}
		Map<String, Object> metadata = new HashMap<>();
		second.getMetadata().entrySet().forEach((entry) -> metadata.put(entry.getKey(), entry.getValue()));
		return ChatResponses.with(new ChatResponse(results, first.getMetadata()), metadata);
	}

	// Types of the SDK can neither be cached nor stored in a chat memory.
	private static void replaceSdkTypes(Map<String, Object> message) {
		if (message.get(FINISH_REASON) instanceof Enum<?> reason) {
			message.put(FINISH_REASON, reason.name());
		}
		if (message.get(ANNOTATIONS) instanceof List<?> annotations && !annotations.isEmpty()) {
			message.put(ANNOTATIONS,
					annotations.stream()
						.map((annotation) -> ObjectMappers.jsonMapper().convertValue(annotation, MAP))
						.toList());
		}
	}

	// Spring AI passes on all reasoning up to here with every element.
	private void readReasoning(Map<String, Object> message) {
		if (message.get(SPRING_AI_REASONING) instanceof String received
				&& received.length() > this.reasoning.length()) {
			boolean streaming = this.exchange.isStreaming();
			String whole = (streaming && endsInHighSurrogate(received)) ? received.substring(0, received.length() - 1)
					: received;
			if (streaming && whole.length() > this.reasoning.length()) {
				message.put(REASONING_DELTA, whole.substring(this.reasoning.length()));
			}
			this.reasoning = whole;
		}
	}

	private static String textOr(@Nullable String text, String fallback) {
		return StringUtils.hasText(text) ? text : fallback;
	}

	private ChatResponse complete(ChatResponse response, boolean incomplete) {
		List<Generation> results = response.getResults().stream().map(this::complete).toList();
		ChatResponse completed = new ChatResponse(results, complete(response.getMetadata()));
		List<Citation> citations = citations(completed);
		return TruncatedToolCalls.remove(
				citations.isEmpty() ? completed : ChatResponses.with(completed, Citation.METADATA_KEY, citations),
				incomplete);
	}

	private Generation complete(Generation generation) {
		AssistantMessage message = generation.getOutput();
		if (!this.reasoning.isEmpty()) {
			message.getMetadata().put(REASONING, this.reasoning);
		}
		if (this.refusal.isEmpty()) {
			return generation;
		}
		message.getMetadata().put(REFUSAL, this.refusal.toString());
		return TruncatedToolCalls.isIncomplete(generation.getMetadata().getFinishReason()) ? generation
				: new Generation(message, ChatGenerationMetadata.builder().finishReason("CONTENT_FILTER").build());
	}

	private static List<Citation> citations(ChatResponse response) {
		List<Citation> annotations = new ArrayList<>(0);
		for (Generation generation : response.getResults()) {
			if (generation.getOutput().getMetadata().get(ANNOTATIONS) instanceof List<?> list) {
				for (Object annotation : list) {
					Citation citation = (annotation instanceof Map<?, ?> fields
							&& "url_citation".equals(fields.get("type")))
									? UrlCitations.read(fields, text(generation), 0) : null;
					if (citation != null) {
						annotations.add(citation);
					}
				}
			}
		}
		Map<String, Citation> sources = new LinkedHashMap<>(0);
		if (response.getMetadata().get(Citation.METADATA_KEY) instanceof List<?> list) {
			UrlCitations.addSources(list, sources);
		}
		return UrlCitations.merge(annotations, sources);
	}

	private static String text(Generation generation) {
		String text = generation.getOutput().getText();
		return (text != null) ? text : "";
	}

	private ChatResponseMetadata complete(ChatResponseMetadata metadata) {
		ResponseHeaders headers = this.exchange.headers();
		ChatResponseMetadata.Builder completed = copy(metadata)
			.keyValue(ChatResponses.REQUESTED_MODEL, this.exchange.model())
			.keyValue(ChatResponses.ATTEMPTS, 1)
			.keyValue("grok.request-id", headers.requestId())
			.keyValue("grok.server-timing", headers.serverTiming())
			.keyValue(SERVICE_TIER, this.serviceTier)
			.keyValue("grok.service-tier", this.serviceTier);
		if (!this.reasoning.isEmpty()) {
			completed.keyValue(REASONING, this.reasoning);
		}
		ResponseHeaders.RateLimits limits = headers.rateLimit();
		return completed.rateLimit((limits != null) ? limits.toRateLimit() : metadata.getRateLimit()).build();
	}

	private ChatResponseMetadata.Builder copy(ChatResponseMetadata metadata) {
		ChatResponseMetadata.Builder copy = ChatResponseMetadata.builder()
			.id(textOr(metadata.getId(), this.id))
			.model(textOr(metadata.getModel(), this.model))
			.usage((this.usage != null) ? this.usage : metadata.getUsage())
			.promptMetadata(metadata.getPromptMetadata());
		metadata.entrySet().forEach((entry) -> copy.keyValue(entry.getKey(), entry.getValue()));
		return copy;
	}

	private static @Nullable Usage usage(@Nullable Usage usage) {
		if (usage == null || !(usage.getNativeUsage() instanceof CompletionUsage counts)) {
			return null;
		}
		long prompt = counts.promptTokens();
		long billed = BilledOutput.ofChatCompletions(prompt, counts.completionTokens(),
				counts.completionTokensDetails()
					.flatMap(CompletionUsage.CompletionTokensDetails::reasoningTokens)
					.orElse(0L),
				counts.totalTokens());
		if (prompt + billed == 0) {
			// Spring AI's usage of a chunk that has none
			return null;
		}
		long cached = counts.promptTokensDetails()
			.flatMap(CompletionUsage.PromptTokensDetails::cachedTokens)
			.orElse(0L);
		// Includes cost_in_usd_ticks, an additional property of the SDK's type
		return TokenCounts.toUsage(ObjectMappers.jsonMapper().convertValue(counts, MAP), prompt, billed, cached);
	}

}
