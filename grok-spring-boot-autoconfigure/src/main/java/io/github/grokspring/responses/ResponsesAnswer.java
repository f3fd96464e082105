package io.github.grokspring.responses;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.chain.ReasoningItems;
import io.github.grokspring.connection.ApiHeaders;
import io.github.grokspring.tool.Citation;
import io.github.grokspring.tool.ToolUse;
import io.github.grokspring.wire.Answer;
import io.github.grokspring.wire.AnswerMetadata;
import io.github.grokspring.wire.GrowingText;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.metadata.ChatGenerationMetadata;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;

/**
 * What is known of one answer so far. A whole answer is read into it at once, a stream
 * event by event. Not safe for use by several threads.
 */
final class ResponsesAnswer implements Answer {

	private static final String OUTPUT_ITEMS = "grok.output-items";

	private static final String UNKNOWN_EVENTS = "grok.unknown-events";

	/** How many bytes of unknown events are kept. */
	private static final int MAX_UNKNOWN_BYTES = 16 * 1024;

	private static final int MAX_UNKNOWN_EVENTS = 32;

	private final AnswerMetadata metadata;

	private final GrokChatOptions options;

	private final ModelCatalog catalog;

	private final List<OutputItem> items = new ArrayList<>(2);

	private final GrowingText text = new GrowingText();

	private final GrowingText reasoning = new GrowingText();

	private final GrowingText refusal = new GrowingText();

	private final List<Citation> citations = new ArrayList<>(0);

	private final List<String> unknownEvents = new ArrayList<>(0);

	private int unknownBytes;

	private @Nullable String status;

	private @Nullable String incompleteReason;

	private boolean hasOutput;

	private boolean ended;

	private boolean toolsChanged;

	private int citationsTaken;

	/**
	 * Begin an answer.
	 * @param options the options of the request
	 * @param catalog tells which names mean the same model
	 * @param headers the headers of the answer
	 */
	ResponsesAnswer(GrokChatOptions options, ModelCatalog catalog, ApiHeaders headers) {
		this.metadata = new AnswerMetadata("responses", options.getModel(), headers);
		this.options = options;
		this.catalog = catalog;
	}

	AnswerMetadata metadata() {
		return this.metadata;
	}

	OutputItem item(int index) {
		while (this.items.size() <= index) {
			this.items.add(new OutputItem());
		}
		return this.items.get(index);
	}

	boolean isKnown(int index) {
		return index >= 0 && index < this.items.size();
	}

	boolean isDone(int index) {
		return index < this.items.size() && this.items.get(index).isDone();
	}

	void announced(int index, Map<String, @Nullable Object> item) {
		this.toolsChanged |= item(index).describe(item);
	}

	void completed(int index, Map<String, @Nullable Object> item, @Nullable String json) {
		announced(index, item);
		item(index).complete(item, json);
		switch (item(index).type()) {
			case "message" -> readMessage(item(index), item);
			case "reasoning" -> readReasoning(item(index), item);
			default -> {
				// there is nothing to it but what was described
			}
		}
	}

	void text(int index, int part, String text) {
		OutputItem item = item(index);
		item.textCame();
		item.partStart(part, this.text.length());
		this.text.append(text);
	}

	void reasoning(int index, OutputItem.Channel channel, String text) {
		if (item(index).takesReasoning(channel)) {
			this.reasoning.append(text);
		}
	}

	void refusal(int index, String text) {
		item(index).refusalCame();
		this.refusal.append(text);
	}

	void annotation(int index, int part, int position, Map<?, ?> annotation) {
		citation(item(index), part, position, annotation);
	}

	/**
	 * A list of sources that came beside the text.
	 */
	void sources(List<?> sources) {
		for (Object source : sources) {
			Object url = (source instanceof Map<?, ?> map) ? map.get("url") : source;
			if (url instanceof String address
					&& this.citations.stream().noneMatch((known) -> known.url().equals(address))) {
				this.citations.add(Citation.of(address));
			}
		}
	}

	/**
	 * An event that is not known. The first ones are kept as they came, as long as they
	 * are few and short; the others cost nothing.
	 */
	void unknownEvent(byte[] buffer, int offset, int length) {
		if (this.unknownEvents.size() < MAX_UNKNOWN_EVENTS && length <= MAX_UNKNOWN_BYTES - this.unknownBytes) {
			this.unknownBytes += length;
			this.unknownEvents.add(new String(buffer, offset, length, StandardCharsets.UTF_8));
		}
	}

	void toolStatus(int index, String status) {
		this.toolsChanged |= item(index).status(status);
	}

	void status(String status) {
		this.status = status;
	}

	void incompleteReason(String reason) {
		this.incompleteReason = reason;
	}

	/**
	 * The list of items has been seen, though it may be empty.
	 */
	void hasOutput() {
		this.hasOutput = true;
	}

	/**
	 * Nothing of interest follows.
	 */
	void end() {
		this.ended = true;
	}

	boolean hasEnded() {
		return this.ended;
	}

	@Override
	public boolean hasFailed() {
		return "failed".equals(this.status);
	}

	@Override
	public boolean isAnswer() {
		return this.hasOutput;
	}

	/**
	 * Whether text or calls of the application's tools are what is coming. A model that
	 * has written may go on to think, or to use a tool of the server.
	 */
	boolean isWriting() {
		if (this.items.isEmpty()) {
			return false;
		}
		OutputItem last = this.items.get(this.items.size() - 1);
		return last.isWritten() && (!this.text.isEmpty() || last.toolCall() != null);
	}

	/**
	 * The text and reasoning that came since the last part, and what changed of tools and
	 * citations, if anything did.
	 */
	List<ChatResponse> nextPart() {
		boolean news = this.toolsChanged || this.citations.size() > this.citationsTaken;
		if (!news && !this.text.hasMore() && !this.reasoning.hasMore()) {
			return List.of();
		}
		String more = this.text.take();
		AssistantMessage message = this.reasoning.hasMore() ? AssistantMessage.builder()
			.content(more)
			.properties(Map.of("reasoning-delta", this.reasoning.take()))
			.build() : new AssistantMessage(more);
		return List.of(new ChatResponse(List.of(new Generation(message, ChatGenerationMetadata.NULL)),
				news ? this.metadata.ofPart(news()) : this.metadata.ofPart()));
	}

	private Map<String, Object> news() {
		Map<String, Object> news = new LinkedHashMap<>();
		if (this.toolsChanged) {
			this.toolsChanged = false;
			news.put(ToolUse.METADATA_KEY, toolUses());
		}
		if (this.citations.size() > this.citationsTaken) {
			this.citationsTaken = this.citations.size();
			news.put(Citation.METADATA_KEY, List.copyOf(this.citations));
		}
		return news;
	}

	/**
	 * All that is not text: the last element of a stream.
	 */
	ChatResponse rest() {
		return whole("");
	}

	@Override
	public ChatResponse whole() {
		return whole(this.text.toString());
	}

	private ChatResponse whole(String text) {
		Map<String, Object> properties = new LinkedHashMap<>();
		Map<String, Object> entries = new LinkedHashMap<>();
		if (!this.reasoning.isEmpty()) {
			properties.put("reasoning", this.reasoning.toString());
			entries.put("reasoning", this.reasoning.toString());
		}
		if (!this.refusal.isEmpty()) {
			properties.put("refusal", this.refusal.toString());
		}
		List<AssistantMessage.ToolCall> calls = this.items.stream()
			.map(OutputItem::toolCall)
			.filter(Objects::nonNull)
			.toList();
		ReasoningItems.write(properties, this.items.stream().map(OutputItem::entry).filter(Objects::nonNull).toList(),
				this.metadata.models(), this.options, !calls.isEmpty(), this.catalog);
		AssistantMessage message = AssistantMessage.builder()
			.content(text)
			.properties(properties)
			.toolCalls(calls)
			.build();
		Generation generation = new Generation(message,
				ChatGenerationMetadata.builder().finishReason(finishReason(!calls.isEmpty())).build());
		putUnlessEmpty(entries, Citation.METADATA_KEY, List.copyOf(this.citations));
		putUnlessEmpty(entries, ToolUse.METADATA_KEY, toolUses());
		putUnlessEmpty(entries, OUTPUT_ITEMS,
				this.items.stream().map(OutputItem::unknown).filter(Objects::nonNull).toList());
		putUnlessEmpty(entries, UNKNOWN_EVENTS, List.copyOf(this.unknownEvents));
		return new ChatResponse(List.of(generation), this.metadata.ofWhole(entries));
	}

	private static void putUnlessEmpty(Map<String, Object> entries, String key, List<?> values) {
		if (!values.isEmpty()) {
			entries.put(key, values);
		}
	}

	private List<ToolUse> toolUses() {
		return this.items.stream().map(OutputItem::toolUse).filter(Objects::nonNull).toList();
	}

	private @Nullable String finishReason(boolean hasToolCalls) {
		if (this.incompleteReason != null) {
			return switch (this.incompleteReason) {
				case "max_output_tokens" -> "LENGTH";
				default -> this.incompleteReason.toUpperCase(Locale.ROOT);
			};
		}
		if (this.status != null && !this.status.equals("completed")) {
			return this.status.toUpperCase(Locale.ROOT);
		}
		if (!this.refusal.isEmpty()) {
			return "CONTENT_FILTER";
		}
		return hasToolCalls ? "TOOL_CALLS" : "STOP";
	}

	private void readMessage(OutputItem item, Map<String, @Nullable Object> message) {
		if (!(message.get("content") instanceof List<?> parts)) {
			return;
		}
		boolean textPending = !item.hasText();
		boolean refusalPending = !item.hasRefusal();
		int position = 0;
		for (int i = 0; i < parts.size(); i++) {
			if (!(parts.get(i) instanceof Map<?, ?> part)) {
				continue;
			}
			if (textPending && part.get("text") instanceof String more) {
				item.partStart(i, this.text.length());
				this.text.append(more);
			}
			if (refusalPending && part.get("refusal") instanceof String more) {
				this.refusal.append(more);
			}
			if (part.get("annotations") instanceof List<?> annotations) {
				for (Object annotation : annotations) {
					if (annotation instanceof Map<?, ?> map) {
						citation(item, i, position, map);
					}
					position++;
				}
			}
		}
	}

	private void citation(OutputItem item, int part, int position, Map<?, ?> annotation) {
		if (item.annotation(position) && annotation.get("url") instanceof String url) {
			this.citations.add(citation(url, annotation, item.partStart(part, this.text.length())));
		}
	}

	private void readReasoning(OutputItem item, Map<String, @Nullable Object> reasoning) {
		if (item.hasReasoning()) {
			return;
		}
		boolean hasSummary = reasoning.get("summary") instanceof List<?> summary && !summary.isEmpty();
		if (reasoning.get(hasSummary ? "summary" : "content") instanceof List<?> parts) {
			for (Object part : parts) {
				if (part instanceof Map<?, ?> map && map.get("text") instanceof String more) {
					this.reasoning.append(more);
				}
			}
		}
	}

	/**
	 * Read where the mark of a source is. xAI counts within one part of the text and, as
	 * far as is known, in characters rather than in chars, which matters behind an emoji.
	 * Where neither leads to the mark, it is looked for.
	 */
	private Citation citation(String url, Map<?, ?> annotation, int partStart) {
		String title = (annotation.get("title") instanceof String given) ? given : null;
		int start = position(annotation.get("start_index"));
		int end = position(annotation.get("end_index"));
		if (start < 0 || end <= start) {
			return new Citation(url, title, -1, -1, Citation.kindOf(url));
		}
		CharSequence chars = this.text.chars();
		if (!isMark(chars, partStart + start) && partStart + end <= chars.length()
				&& end <= Character.codePointCount(chars, partStart, chars.length())) {
			int from = Character.offsetByCodePoints(chars, partStart, start);
			if (isMark(chars, from)) {
				return new Citation(url, title, from, Character.offsetByCodePoints(chars, from, end - start),
						Citation.kindOf(url));
			}
		}
		String mark = "[[" + title + "]](" + url + ")";
		int at = isMark(chars, partStart + start) ? -1 : chars.toString().indexOf(mark, partStart);
		return (at >= 0) ? new Citation(url, title, at, at + mark.length(), Citation.kindOf(url))
				: new Citation(url, title, partStart + start, partStart + end, Citation.kindOf(url));
	}

	private static boolean isMark(CharSequence chars, int at) {
		return at + 1 < chars.length() && chars.charAt(at) == '[' && chars.charAt(at + 1) == '[';
	}

	private static int position(@Nullable Object index) {
		return (index instanceof Integer position) ? position : -1;
	}

}
