package io.github.grokspring.responses;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.ChatResponses;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.chain.LogSanitizer;
import io.github.grokspring.chain.ReasoningItems;
import io.github.grokspring.chain.WarnOnce;
import io.github.grokspring.connection.ResponseHeaders;
import io.github.grokspring.tool.Citation;
import io.github.grokspring.tool.ToolUse;
import io.github.grokspring.wire.DecodedResponse;
import io.github.grokspring.wire.ResponseMetadataBuilder;
import io.github.grokspring.wire.TextAccumulator;
import io.github.grokspring.wire.UrlCitations;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.metadata.ChatGenerationMetadata;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.util.StringUtils;

/**
 * State of a response, read at once or event by event.
 * <p>
 * Not thread-safe.
 */
final class ResponsesResponse implements DecodedResponse {

	private static final Log logger = LogFactory.getLog(ResponsesResponse.class);

	private static final String OUTPUT_ITEMS = "grok.output-items";

	private static final String EXPLANATION = "grok.explanation";

	private static final String TURNS = "grok.turns";

	private static final String UNKNOWN_EVENTS = "grok.unknown-events";

	private static final int MAX_UNKNOWN_BYTES = 16 * 1024;

	private static final int MAX_UNKNOWN_EVENTS = 32;

	private final ResponseMetadataBuilder metadata;

	private final GrokChatOptions options;

	private final ModelCatalog catalog;

	private final WarnOnce warnings;

	private final List<OutputItem> items = new ArrayList<>(2);

	private final TextAccumulator text = new TextAccumulator();

	private final TextAccumulator reasoning = new TextAccumulator();

	private final TextAccumulator refusal = new TextAccumulator();

	private final List<Citation> citations = new ArrayList<>(0);

	private final List<String> unknownEvents = new ArrayList<>(0);

	private int unknownBytes;

	private @Nullable String status;

	private @Nullable String incompleteReason;

	private boolean outputStarted;

	private boolean outputFinished;

	private boolean failed;

	private boolean ended;

	private boolean toolsChanged;

	// The model reads its prompt again after a server-side tool has completed
	private boolean toolCompleted;

	// Number of times the model has read its prompt
	private int turns = 1;

	private boolean turnStarted;

	// Positions in the final response differ from those in the events
	private boolean positionsDiffer;

	// Items share positions, so events are matched by id
	private boolean requiresIds;

	private int citationsDrained;

	ResponsesResponse(GrokChatOptions options, ModelCatalog catalog, ResponseHeaders headers, WarnOnce warnings) {
		this.metadata = new ResponseMetadataBuilder("responses", options.getModel(), headers);
		this.options = options;
		this.catalog = catalog;
		this.warnings = warnings;
	}

	ResponseMetadataBuilder metadata() {
		return this.metadata;
	}

	OutputItem item(int index) {
		this.positionsDiffer |= this.items.size() < index;
		while (this.items.size() <= index) {
			if (this.toolCompleted) {
				this.toolCompleted = false;
				this.turnStarted = true;
				this.turns++;
			}
			this.items.add(new OutputItem());
		}
		return this.items.get(index);
	}

	boolean isFullyReceived(int index) {
		return !this.positionsDiffer && index < this.items.size() && this.items.get(index).isFullyReceived();
	}

	/**
	 * Returns the position of the item that an event refers to.
	 * @param index the position in the event, or -1
	 * @param id the id in the event, or {@code null}
	 * @return the position, that of the last item if both are missing
	 */
	int indexOf(int index, @Nullable String id) {
		if (index >= 0 && !(this.requiresIds && StringUtils.hasText(id)
				&& this.items.stream().anyMatch((item) -> id.equals(item.id())))) {
			return index;
		}
		this.positionsDiffer = true;
		if (!StringUtils.hasText(id)) {
			return Math.max(0, this.items.size() - 1);
		}
		for (int i = this.items.size() - 1; i >= 0; i--) {
			if (id.equals(this.items.get(i).id())) {
				return i;
			}
		}
		item(this.items.size()).id(id);
		return this.items.size() - 1;
	}

	boolean requiresIds() {
		return this.requiresIds;
	}

	/**
	 * Returns the position of an item that an event adds or completes.
	 * @param index the position in the event, or -1
	 * @param item the item
	 * @param complete whether the item is complete
	 * @return the position, a different one if another item has that of the event
	 */
	int indexOf(int index, Map<String, @Nullable Object> item, boolean complete) {
		if (index >= 0 && !this.requiresIds) {
			this.requiresIds = isKnown(index) && this.items.get(index).isReplacedBy(item);
			if (!this.requiresIds) {
				return index;
			}
		}
		this.positionsDiffer = true;
		int candidate = this.items.size();
		for (int i = this.items.size() - 1; i >= 0; i--) {
			OutputItem existing = this.items.get(i);
			if (!existing.isDone() && existing.matches(item)) {
				if (existing.id().equals(item.get("id"))) {
					return i;
				}
				candidate = (complete || existing.type().isEmpty()) ? i : candidate;
			}
		}
		return candidate;
	}

	boolean isKnown(int index) {
		return index < this.items.size();
	}

	boolean hasText() {
		return !this.text.isEmpty() || !this.refusal.isEmpty();
	}

	boolean hasReasoning() {
		return !this.reasoning.isEmpty();
	}

	/**
	 * Returns the position of an item of the final response.
	 * @param position the position in the final response
	 * @param item the item
	 * @param taken the positions that are already assigned
	 * @return the position
	 */
	int indexOf(int position, Map<String, @Nullable Object> item, BitSet taken) {
		if (!this.positionsDiffer && (!isKnown(position) || this.items.get(position).isCompatible(item))) {
			return position;
		}
		int candidate = this.items.size();
		for (int i = this.items.size() - 1; i >= 0; i--) {
			OutputItem existing = this.items.get(i);
			if (!taken.get(i) && !existing.isPlaceholder() && existing.isCompatible(item)) {
				if (existing.hasSameId(item)) {
					return i;
				}
				candidate = existing.matches(item) ? i : candidate;
			}
		}
		return candidate;
	}

	void itemAdded(int index, Map<String, @Nullable Object> item) {
		this.toolsChanged |= item(index).update(item);
	}

	void itemDone(int index, Map<String, @Nullable Object> item, @Nullable String json) {
		itemAdded(index, item);
		item(index).complete(item, json);
		this.toolCompleted |= item(index).pollToolCompletion();
		switch (item(index).type()) {
			case "message" -> readMessage(item(index), item);
			case "reasoning" -> readReasoning(item(index), item);
			default -> {
				// Fully described by its fields
			}
		}
	}

	/**
	 * Returns the approximate size of the content in bytes.
	 */
	long sizeInBytes() {
		long size = this.text.sizeInBytes() + this.reasoning.sizeInBytes() + this.refusal.sizeInBytes();
		for (int i = 0; i < this.items.size(); i++) {
			size += this.items.get(i).sizeInBytes();
		}
		return size;
	}

	void appendText(int index, int part, String text) {
		item(index).text().append(part, text, this.text);
	}

	void appendReasoning(int index, OutputItem.Channel channel, int part, String text) {
		if (item(index).acceptsReasoning(channel)) {
			item(index).reasoning().append(part, text, this.reasoning);
		}
	}

	void appendRefusal(int index, int part, String text) {
		item(index).refusal().append(part, text, this.refusal);
	}

	boolean isShorterThan(ResponsesReader.ContentType kind, int index, int part, int length) {
		OutputItem item = item(index);
		return switch (kind) {
			case TEXT -> item.text().isShorterThan(part, length);
			case SUMMARY, REASONING -> item.reasoning().isShorterThan(part, length);
			case REFUSAL -> item.refusal().isShorterThan(part, length);
			case ARGUMENTS -> true;
		};
	}

	void contentDone(ResponsesReader.ContentType kind, int index, int part, String fullText) {
		OutputItem item = item(index);
		switch (kind) {
			case TEXT -> item.text().complete(part, fullText, this.text);
			case SUMMARY, REASONING -> {
				if (item.acceptsReasoning(kind.channel())) {
					item.reasoning().complete(part, fullText, this.reasoning);
				}
			}
			case REFUSAL -> item.refusal().complete(part, fullText, this.refusal);
			case ARGUMENTS -> item.setArguments(fullText);
		}
	}

	void addAnnotation(int index, int part, int position, Map<?, ?> annotation) {
		addCitation(item(index), part, position, annotation);
	}

	void addSources(List<?> sources) {
		for (Object source : sources) {
			Object url = (source instanceof Map<?, ?> map) ? map.get("url") : source;
			if (url instanceof String address
					&& this.citations.stream().noneMatch((existing) -> existing.url().equals(address))) {
				this.citations.add(Citation.of(address));
			}
		}
	}

	/**
	 * Retains an unknown event, unless there are too many or it is too long.
	 */
	void addUnknownEvent(byte[] buffer, int offset, int length) {
		if (this.unknownEvents.size() < MAX_UNKNOWN_EVENTS && length <= MAX_UNKNOWN_BYTES - this.unknownBytes) {
			this.unknownBytes += length;
			this.unknownEvents.add(new String(buffer, offset, length, StandardCharsets.UTF_8));
		}
	}

	void updateToolStatus(int index, String status) {
		this.toolsChanged |= item(index).updateStatus(status);
		this.toolCompleted |= item(index).pollToolCompletion();
	}

	void status(String status) {
		this.status = status;
	}

	void incompleteReason(String reason) {
		this.incompleteReason = reason;
	}

	void outputStarted() {
		this.outputStarted = true;
	}

	void outputFinished() {
		this.outputFinished = true;
	}

	/**
	 * Whether the response is marked as completed and all of its output has been read.
	 */
	boolean isComplete() {
		return this.outputFinished && "completed".equals(this.status) && !isIncomplete();
	}

	void markFailed() {
		this.failed = true;
	}

	void finish(boolean complete) {
		this.ended = true;
		if (!complete && !isIncomplete()) {
			this.status = "incomplete";
		}
	}

	boolean hasEnded() {
		return this.ended;
	}

	@Override
	public boolean hasFailed() {
		return this.failed || "failed".equals(this.status);
	}

	@Override
	public boolean isRecognized() {
		return this.outputStarted;
	}

	/**
	 * Whether text or tool calls are being written. A model that has written text may
	 * continue with reasoning or a server-side tool.
	 */
	boolean isWriting() {
		if (this.items.isEmpty()) {
			return false;
		}
		OutputItem last = this.items.get(this.items.size() - 1);
		return last.isWriting() && (!this.text.isEmpty() || last.isToolCall());
	}

	/**
	 * Returns the text, reasoning, tool and citation changes since the last invocation,
	 * if any.
	 */
	List<ChatResponse> drainPart() {
		boolean changed = this.toolsChanged || this.turnStarted || this.citations.size() > this.citationsDrained;
		if (!changed && !this.text.hasPending() && !this.reasoning.hasPending()) {
			return List.of();
		}
		String more = this.text.drain();
		AssistantMessage message = this.reasoning.hasPending() ? AssistantMessage.builder()
			.content(more)
			.properties(Map.of("reasoning-delta", this.reasoning.drain()))
			.build() : new AssistantMessage(more);
		return List.of(new ChatResponse(List.of(new Generation(message, ChatGenerationMetadata.NULL)),
				changed ? this.metadata.buildPartial(drainChanges()) : this.metadata.buildPartial()));
	}

	private Map<String, Object> drainChanges() {
		Map<String, Object> changes = new LinkedHashMap<>();
		if (this.toolsChanged) {
			this.toolsChanged = false;
			changes.put(ToolUse.METADATA_KEY, collect(OutputItem::toolUse));
		}
		if (this.turnStarted) {
			this.turnStarted = false;
			changes.put(TURNS, this.turns);
		}
		if (this.citations.size() > this.citationsDrained) {
			this.citationsDrained = this.citations.size();
			changes.put(Citation.METADATA_KEY, List.copyOf(this.citations));
		}
		return changes;
	}

	/**
	 * Returns the last elements of a stream: an unpaired surrogate at the end of the
	 * text, if any, and the final element.
	 */
	List<ChatResponse> finalParts() {
		String half = this.text.drainAll();
		return half.isEmpty() ? List.of(toChatResponse(""))
				: List.of(new ChatResponse(
						List.of(new Generation(new AssistantMessage(half), ChatGenerationMetadata.NULL)),
						this.metadata.buildPartial()), toChatResponse(""));
	}

	@Override
	public ChatResponse toChatResponse() {
		return toChatResponse(this.text.toString());
	}

	private ChatResponse toChatResponse(String text) {
		Map<String, Object> properties = new LinkedHashMap<>();
		Map<String, Object> entries = new LinkedHashMap<>();
		if (!this.reasoning.isEmpty()) {
			properties.put("reasoning", this.reasoning.toString());
			entries.put("reasoning", this.reasoning.toString());
		}
		if (!this.refusal.isEmpty()) {
			properties.put("refusal", this.refusal.toString());
		}
		List<AssistantMessage.ToolCall> calls = new ArrayList<>(0);
		List<AssistantMessage.ToolCall> truncated = new ArrayList<>(0);
		for (OutputItem item : this.items) {
			AssistantMessage.ToolCall call = item.toolCall();
			if (call != null) {
				((item.isTruncated() || isIncomplete()) ? truncated : calls).add(call);
			}
		}
		if (truncated.isEmpty()) {
			ReasoningItems.write(properties, collect(OutputItem::replayEntry), this.metadata.models(), this.options,
					!calls.isEmpty(), this.catalog);
		}
		AssistantMessage message = AssistantMessage.builder()
			.content(text)
			.properties(properties)
			.toolCalls(calls)
			.build();
		Generation generation = new Generation(message,
				ChatGenerationMetadata.builder().finishReason(finishReason(calls, truncated)).build());
		putUnlessEmpty(entries, ChatResponses.TRUNCATED_TOOL_CALLS, truncated);
		String explanation = explainMismatchedTool();
		if (explanation != null) {
			entries.put(EXPLANATION, explanation);
			if (this.warnings.isFirst("renamed-tool")) {
				logger.warn(explanation + " Further occurrences are not logged.");
			}
		}
		putUnlessEmpty(entries, Citation.METADATA_KEY, List.copyOf(this.citations));
		putUnlessEmpty(entries, ToolUse.METADATA_KEY, collect(OutputItem::toolUse));
		if (this.turns > 1) {
			entries.put(TURNS, this.turns);
		}
		putUnlessEmpty(entries, OUTPUT_ITEMS, collect(OutputItem::unknownFields));
		putUnlessEmpty(entries, UNKNOWN_EVENTS, List.copyOf(this.unknownEvents));
		return new ChatResponse(List.of(generation), this.metadata.build(entries));
	}

	private static void putUnlessEmpty(Map<String, Object> entries, String key, List<?> values) {
		if (!values.isEmpty()) {
			entries.put(key, values);
		}
	}

	private <T> List<T> collect(Function<OutputItem, @Nullable T> property) {
		List<T> values = new ArrayList<>(0);
		for (OutputItem item : this.items) {
			T value = property.apply(item);
			if (value != null) {
				values.add(value);
			}
		}
		return List.copyOf(values);
	}

	private boolean isIncomplete() {
		return this.incompleteReason != null || (this.status != null && !this.status.equals("completed"));
	}

	// xAI may treat a function as a server-side tool although none was offered
	private @Nullable String explainMismatchedTool() {
		List<ToolCallback> callbacks = this.options.getToolCallbacks();
		if (callbacks == null || callbacks.isEmpty() || !this.options.getServerTools().isEmpty()) {
			return null;
		}
		for (OutputItem item : this.items) {
			ToolUse use = item.toolUse();
			if (use != null && callbacks.stream()
				.anyMatch((callback) -> callback.getToolDefinition().name().equals(use.name()))) {
				return "The model called the application's tool '" + LogSanitizer.sanitize(use.name())
						+ "' as the server-side tool '" + LogSanitizer.sanitize(use.type())
						+ "', which the request does not enable, so it was not executed. Send the request again.";
			}
		}
		return null;
	}

	private @Nullable String finishReason(List<?> calls, List<?> truncated) {
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
		if (calls.isEmpty() && !truncated.isEmpty()) {
			return "INCOMPLETE";
		}
		return calls.isEmpty() ? "STOP" : "TOOL_CALLS";
	}

	private void readMessage(OutputItem item, Map<String, @Nullable Object> message) {
		Object content = message.get("content");
		if (!(content instanceof List<?>) && !(content instanceof String)) {
			return;
		}
		List<?> parts = (content instanceof List<?> list) ? list : List.of(content);
		item.text().complete(texts(parts, "text"), this.text);
		if (anyHas(parts, "refusal")) {
			item.refusal().complete(texts(parts, "refusal"), this.refusal);
		}
		int position = 0;
		for (int i = 0; i < parts.size(); i++) {
			if (parts.get(i) instanceof Map<?, ?> part && part.get("annotations") instanceof List<?> annotations) {
				for (Object annotation : annotations) {
					if (annotation instanceof Map<?, ?> map) {
						addCitation(item, i, position, map);
					}
					position++;
				}
			}
		}
	}

	private static boolean anyHas(List<?> parts, String name) {
		for (Object part : parts) {
			if (part instanceof Map<?, ?> map && map.containsKey(name)) {
				return true;
			}
		}
		return false;
	}

	private static List<String> texts(List<?> parts, String name) {
		List<String> texts = new ArrayList<>(parts.size());
		for (Object part : parts) {
			Object text = (part instanceof Map<?, ?> map) ? map.get(name) : "text".equals(name) ? part : null;
			texts.add((text instanceof String existing) ? existing : "");
		}
		return texts;
	}

	private void addCitation(OutputItem item, int part, int position, Map<?, ?> annotation) {
		if (item.markAnnotation(position)) {
			Citation citation = UrlCitations.read(annotation, this.text.chars(),
					item.text().start(part, this.text.length()));
			if (citation != null) {
				this.citations.add(citation);
			}
		}
	}

	private void readReasoning(OutputItem item, Map<String, @Nullable Object> reasoning) {
		boolean hasSummary = reasoning.get("summary") instanceof List<?> summary && !summary.isEmpty();
		if (reasoning.get(hasSummary ? "summary" : "content") instanceof List<?> parts
				&& item.acceptsReasoning(hasSummary ? OutputItem.Channel.SUMMARY : OutputItem.Channel.TEXT)) {
			item.reasoning().complete(texts(parts, "text"), this.reasoning);
		}
	}

}
