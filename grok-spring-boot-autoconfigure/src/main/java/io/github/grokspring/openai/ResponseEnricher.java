package io.github.grokspring.openai;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import com.fasterxml.jackson.core.type.TypeReference;
import com.openai.core.ObjectMappers;
import com.openai.models.completions.CompletionUsage;
import io.github.grokspring.chain.ChatResponses;
import io.github.grokspring.connection.ApiHeaders;
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
 * Completes what Spring AI makes of one answer: reasoning counted as output, which is how
 * xAI bills it, and what the headers said. Of a stream it sees every element, and makes
 * one last element of those that say why it ended and what it used. Not safe for use by
 * several threads.
 */
final class ResponseEnricher {

	private static final String REASONING = "reasoningContent";

	private static final String FINISH_REASON = "finishReason";

	private static final String ANNOTATIONS = "annotations";

	private static final TypeReference<Map<String, @Nullable Object>> MAP = new TypeReference<>() {
	};

	private final InFlightCall call;

	private final StringBuilder refusal = new StringBuilder(0);

	private String reasoning = "";

	/** The first half of a character whose second half has not come. */
	private String half = "";

	private String id = "";

	private String model = "";

	private @Nullable Usage usage;

	private @Nullable ChatResponseMetadata newest;

	private @Nullable ChatResponse last;

	ResponseEnricher(InFlightCall call) {
		this.call = call;
	}

	/**
	 * Complete a whole answer.
	 */
	ChatResponse whole(ChatResponse response) {
		read(response);
		return completed(response);
	}

	/**
	 * Take the next element of a stream. One that says why the stream ends, or no more
	 * than what it used, is held back: the other of the two may follow.
	 */
	void next(ChatResponse element, SynchronousSink<ChatResponse> sink) {
		boolean finished = read(element);
		if (!this.call.keep(size(element))) {
			// Closes the socket, which an error that goes down does not
			this.call.cancel();
			sink.error(this.call.tooLarge());
			return;
		}
		boolean counted = usage(element.getMetadata().getUsage()) != null;
		if (element.getResults().isEmpty() && !counted) {
			return;
		}
		ChatResponse next = withWholeCharacters(element, finished);
		if (finished || (counted && !ChatResponses.hasContent(next))) {
			this.last = (this.last != null) ? merged(this.last, next) : next;
			return;
		}
		sink.next(counted ? new ChatResponse(next.getResults(), copy(next.getMetadata()).build()) : next);
	}

	// A character of two chars may come in two elements.
	private ChatResponse withWholeCharacters(ChatResponse element, boolean finished) {
		Generation generation = (element.getResults().size() == 1) ? element.getResults().get(0) : null;
		String text = (generation != null) ? text(generation) : "";
		if (generation == null || (text.isEmpty() && !finished)) {
			return element;
		}
		boolean ends = finished || !endsInHalf(text);
		if (this.half.isEmpty() && ends) {
			return element;
		}
		String whole = this.half + (ends ? text : text.substring(0, text.length() - 1));
		this.half = ends ? "" : text.substring(text.length() - 1);
		return new ChatResponse(List.of(withText(generation, whole)), element.getMetadata());
	}

	private static boolean endsInHalf(String text) {
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

	// Tool calls were counted as they arrived.
	private static long size(ChatResponse element) {
		long size = 0;
		for (Generation generation : element.getResults()) {
			Map<String, Object> message = generation.getOutput().getMetadata();
			size += size(generation.getOutput().getText()) + size(message.get("reasoning-delta"))
					+ size(message.get("refusal"));
		}
		return size;
	}

	private static long size(@Nullable Object text) {
		return (text instanceof String string) ? Utf8.size(string) : 0;
	}

	/**
	 * The last element of a stream, when nothing follows any more.
	 */
	ChatResponse last() {
		ChatResponseMetadata identity = (this.newest != null) ? this.newest : new ChatResponseMetadata();
		return completed((this.last != null) ? this.last : new ChatResponse(List.of(), identity));
	}

	private boolean read(ChatResponse response) {
		boolean last = false;
		for (Generation generation : response.getResults()) {
			last |= hasFinishReason(generation);
			Map<String, Object> message = generation.getOutput().getMetadata();
			makePlain(message);
			if (hasFinishReason(generation) && !this.call.annotations().isEmpty()) {
				message.put(ANNOTATIONS, this.call.annotations());
			}
			readReasoning(message);
			if (message.get("refusal") instanceof String piece) {
				this.refusal.append(piece);
			}
		}
		this.id = known(response.getMetadata().getId(), this.id);
		this.model = known(response.getMetadata().getModel(), this.model);
		if (last) {
			this.call.finished();
		}
		Usage usage = usage(response.getMetadata().getUsage());
		this.usage = (usage != null) ? usage : this.usage;
		this.newest = response.getMetadata();
		return last;
	}

	private static ChatResponse merged(ChatResponse held, ChatResponse more) {
		List<Generation> results = new ArrayList<>(held.getResults());
		more.getResults().stream().filter(ResponseEnricher::hasFinishReason).forEach(results::add);
		Map<String, Object> metadata = new HashMap<>();
		more.getMetadata().entrySet().forEach((entry) -> metadata.put(entry.getKey(), entry.getValue()));
		return ChatResponses.with(new ChatResponse(results, held.getMetadata()), metadata);
	}

	private static boolean hasFinishReason(Generation generation) {
		String reason = generation.getMetadata().getFinishReason();
		return reason != null && !reason.isEmpty();
	}

	// Types of the SDK can neither be cached nor kept in a memory.
	private static void makePlain(Map<String, Object> message) {
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

	private void readReasoning(Map<String, Object> message) {
		if (message.get(REASONING) instanceof String text && text.length() > this.reasoning.length()) {
			String whole = (this.call.streaming() && endsInHalf(text)) ? text.substring(0, text.length() - 1) : text;
			if (this.call.streaming() && whole.length() > this.reasoning.length()) {
				message.put("reasoning-delta", whole.substring(this.reasoning.length()));
			}
			this.reasoning = whole;
		}
	}

	private static String known(@Nullable String newest, String before) {
		return StringUtils.hasText(newest) ? newest : before;
	}

	private ChatResponse completed(ChatResponse response) {
		List<Generation> results = response.getResults().stream().map(this::ended).toList();
		ChatResponse completed = new ChatResponse(results, completed(response.getMetadata()));
		List<Citation> citations = citations(completed);
		return TruncatedToolCalls
			.remove(citations.isEmpty() ? completed : ChatResponses.with(completed, Citation.METADATA_KEY, citations));
	}

	private Generation ended(Generation generation) {
		Map<String, Object> message = generation.getOutput().getMetadata();
		if (!this.reasoning.isEmpty()) {
			message.put("reasoning", this.reasoning);
		}
		String reason = this.call.finishReason(message.get("index"));
		Generation ended = generation;
		if (reason != null) {
			String name = reason.toUpperCase(Locale.ROOT);
			message.put(FINISH_REASON, name);
			ended = new Generation(generation.getOutput(), ChatGenerationMetadata.builder().finishReason(name).build());
		}
		return this.refusal.isEmpty() ? ended : refused(ended);
	}

	private Generation refused(Generation generation) {
		Map<String, Object> properties = new HashMap<>(generation.getOutput().getMetadata());
		properties.put("refusal", this.refusal.toString());
		return new Generation(
				AssistantMessage.builder()
					.content(generation.getOutput().getText())
					.properties(properties)
					.toolCalls(generation.getOutput().getToolCalls())
					.media(generation.getOutput().getMedia())
					.build(),
				TruncatedToolCalls.isIncomplete(generation.getMetadata().getFinishReason()) ? generation.getMetadata()
						: ChatGenerationMetadata.builder().finishReason("CONTENT_FILTER").build());
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

	private ChatResponseMetadata completed(ChatResponseMetadata metadata) {
		ApiHeaders headers = this.call.headers();
		ChatResponseMetadata.Builder completed = copy(metadata);
		completed.keyValue(ChatResponses.REQUESTED_MODEL, this.call.model())
			.keyValue(ChatResponses.ATTEMPTS, 1)
			.keyValue("grok.request-id", headers.requestId())
			.keyValue("grok.server-timing", headers.serverTiming())
			.keyValue("service_tier", this.call.serviceTier())
			.keyValue("grok.service-tier", this.call.serviceTier());
		if (!this.reasoning.isEmpty()) {
			completed.keyValue("reasoning", this.reasoning);
		}
		ApiHeaders.RateLimits limits = headers.rateLimit();
		completed.rateLimit((limits != null) ? limits.toRateLimit() : metadata.getRateLimit());
		return completed.build();
	}

	private ChatResponseMetadata.Builder copy(ChatResponseMetadata metadata) {
		ChatResponseMetadata.Builder copy = ChatResponseMetadata.builder()
			.id(known(metadata.getId(), this.id))
			.model(known(metadata.getModel(), this.model))
			.usage((this.usage != null) ? this.usage : metadata.getUsage())
			.promptMetadata(metadata.getPromptMetadata());
		metadata.entrySet().forEach((entry) -> copy.keyValue(entry.getKey(), entry.getValue()));
		return copy;
	}

	private static @Nullable Usage usage(@Nullable Usage usage) {
		if (usage == null || !(usage.getNativeUsage() instanceof CompletionUsage counted)) {
			return null;
		}
		long prompt = counted.promptTokens();
		long billed = BilledOutput.ofChatCompletions(prompt, counted.completionTokens(),
				counted.completionTokensDetails()
					.flatMap(CompletionUsage.CompletionTokensDetails::reasoningTokens)
					.orElse(0L),
				counted.totalTokens());
		if (prompt + billed == 0) {
			// What Spring AI makes of a chunk that says nothing of usage
			return null;
		}
		long cached = counted.promptTokensDetails()
			.flatMap(CompletionUsage.PromptTokensDetails::cachedTokens)
			.orElse(0L);
		return TokenCounts.toUsage(ObjectMappers.jsonMapper().convertValue(counted, MAP), prompt, billed, cached);
	}

}
