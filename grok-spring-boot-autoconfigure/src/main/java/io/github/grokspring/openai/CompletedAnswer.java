package io.github.grokspring.openai;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.core.type.TypeReference;
import com.openai.core.ObjectMappers;
import com.openai.models.completions.CompletionUsage;
import io.github.grokspring.chain.Answers;
import io.github.grokspring.connection.ApiHeaders;
import io.github.grokspring.wire.TruncatedToolCalls;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.SynchronousSink;

import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.chat.metadata.Usage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;

/**
 * Completes what Spring AI makes of one answer: reasoning counted as output, which is how
 * xAI bills it, and what the headers said. Of a stream it sees every element, and makes
 * one last element of those that say why it ended and what it used. Not safe for use by
 * several threads.
 */
final class CompletedAnswer {

	private static final String REASONING = "reasoningContent";

	private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {
	};

	private final ActiveCall call;

	private String reasoning = "";

	private @Nullable Usage usage;

	private @Nullable ChatResponseMetadata newest;

	private @Nullable ChatResponse last;

	CompletedAnswer(ActiveCall call) {
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
		boolean counted = usage(element.getMetadata().getUsage()) != null;
		if (finished || (counted && !Answers.hasContent(element))) {
			this.last = (this.last != null) ? merged(this.last, element) : element;
			return;
		}
		sink.next(counted ? new ChatResponse(element.getResults(), copy(element.getMetadata()).build()) : element);
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
			readReasoning(generation);
		}
		// Builds of 2025 left the finish reason out where the answer was a tool call
		if (last || response.hasToolCalls()) {
			this.call.finished();
		}
		Usage usage = usage(response.getMetadata().getUsage());
		this.usage = (usage != null) ? usage : this.usage;
		this.newest = response.getMetadata();
		return last;
	}

	private static ChatResponse merged(ChatResponse held, ChatResponse more) {
		List<Generation> results = new ArrayList<>(held.getResults());
		more.getResults().stream().filter(CompletedAnswer::hasFinishReason).forEach(results::add);
		Map<String, Object> metadata = new HashMap<>();
		more.getMetadata().entrySet().forEach((entry) -> metadata.put(entry.getKey(), entry.getValue()));
		return Answers.with(new ChatResponse(results, held.getMetadata()), metadata);
	}

	private static boolean hasFinishReason(Generation generation) {
		String reason = generation.getMetadata().getFinishReason();
		return reason != null && !reason.isEmpty();
	}

	private void readReasoning(Generation generation) {
		Map<String, Object> message = generation.getOutput().getMetadata();
		if (message.get(REASONING) instanceof String text && text.length() > this.reasoning.length()) {
			if (this.call.streaming()) {
				message.put("reasoning-delta", text.substring(this.reasoning.length()));
			}
			this.reasoning = text;
		}
	}

	private ChatResponse completed(ChatResponse response) {
		return TruncatedToolCalls.remove(new ChatResponse(response.getResults(), completed(response.getMetadata())));
	}

	private ChatResponseMetadata completed(ChatResponseMetadata metadata) {
		ApiHeaders headers = this.call.headers();
		ChatResponseMetadata.Builder completed = copy(metadata);
		completed.keyValue("grok.requested-model", this.call.model())
			.keyValue("grok.attempts", 1)
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
			.id(metadata.getId())
			.model(metadata.getModel())
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
		long total = counted.totalTokens();
		long output = counted.completionTokens() + counted.completionTokensDetails()
			.flatMap(CompletionUsage.CompletionTokensDetails::reasoningTokens)
			.orElse(0L);
		if (total > 0) {
			output = Math.max(0, total - prompt);
		}
		else {
			total = prompt + output;
		}
		if (total == 0) {
			// What Spring AI makes of a chunk that says nothing of usage
			return null;
		}
		long cached = counted.promptTokensDetails()
			.flatMap(CompletionUsage.PromptTokensDetails::cachedTokens)
			.orElse(0L);
		return new DefaultUsage(clamp(prompt), clamp(output), clamp(total),
				ObjectMappers.jsonMapper().convertValue(counted, MAP), cached, null);
	}

	private static int clamp(long tokens) {
		return (int) Math.min(tokens, Integer.MAX_VALUE);
	}

}
