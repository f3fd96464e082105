package io.github.grokspring.responses;

import java.util.List;
import java.util.Map;

import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.chain.WarnOnce;
import io.github.grokspring.connection.ResponseHeaders;
import io.github.grokspring.wire.ErrorFields;
import io.github.grokspring.wire.ResponseStreamDecoder;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

import org.springframework.ai.chat.model.ChatResponse;

/**
 * Decodes the events of a streamed response.
 * <p>
 * Text, reasoning and changes of server-side tools and citations are emitted as they
 * arrive, deltas received together as one element. The last element holds everything
 * else. Events without additional information are skipped by name, without parsing.
 * Unknown events are retained up to a limit and never fail the stream.
 */
final class ResponsesEventDecoder extends ResponseStreamDecoder {

	private static final String PREFIX = "response.";

	private static final String TOOL_CALL = "_call.";

	private final ResponsesResponse response;

	private final ResponsesReader reader;

	private long itemBytes;

	ResponsesEventDecoder(GrokChatOptions options, ModelCatalog catalog, ResponseHeaders headers, WarnOnce warnings) {
		super(options.getModel(), headers);
		this.response = new ResponsesResponse(options, catalog, headers, warnings);
		this.reader = new ResponsesReader(this.response);
	}

	@Override
	protected ChatResponse toChatResponse() {
		return this.response.toChatResponse();
	}

	@Override
	protected ChatResponse toIdentity() {
		return this.response.metadata().toIdentity();
	}

	@Override
	public void onEvent(@Nullable String event, byte[] buffer, int offset, int length) {
		try {
			if (event != null && event.startsWith(PREFIX)) {
				read(event, buffer, offset, length);
			}
			else {
				readUnnamed(event, buffer, offset, length);
			}
		}
		catch (JacksonException ex) {
			if ((event != null) ? !isXaiEvent(event) : !isPossiblyObject(false, buffer, offset, length)) {
				// Only the events of xAI have to be JSON
				this.response.addUnknownEvent(buffer, offset, length);
				return;
			}
			throw streamBroken("contains an event that is not valid JSON");
		}
	}

	private static boolean isXaiEvent(String event) {
		return event.startsWith(PREFIX) || "message".equals(event) || "error".equals(event);
	}

	private void read(String event, byte[] buffer, int offset, int length) {
		this.itemBytes += itemBytes(event, length);
		switch (event) {
			case "response.output_text.delta" ->
				this.reader.readDelta(ResponsesReader.ContentType.TEXT, buffer, offset, length);
			case "response.reasoning_summary_text.delta" ->
				this.reader.readDelta(ResponsesReader.ContentType.SUMMARY, buffer, offset, length);
			case "response.reasoning_text.delta" ->
				this.reader.readDelta(ResponsesReader.ContentType.REASONING, buffer, offset, length);
			case "response.refusal.delta" ->
				this.reader.readDelta(ResponsesReader.ContentType.REFUSAL, buffer, offset, length);
			case "response.function_call_arguments.delta" ->
				this.reader.readDelta(ResponsesReader.ContentType.ARGUMENTS, buffer, offset, length);
			case "response.output_text.done" ->
				readDone(ResponsesReader.ContentType.TEXT, "text", buffer, offset, length);
			case "response.reasoning_summary_text.done" ->
				readDone(ResponsesReader.ContentType.SUMMARY, "text", buffer, offset, length);
			case "response.reasoning_text.done" ->
				readDone(ResponsesReader.ContentType.REASONING, "text", buffer, offset, length);
			case "response.refusal.done" ->
				readDone(ResponsesReader.ContentType.REFUSAL, "refusal", buffer, offset, length);
			case "response.function_call_arguments.done" ->
				readDone(ResponsesReader.ContentType.ARGUMENTS, "arguments", buffer, offset, length);
			case "response.content_part.done" -> readPart(this.response.hasText(), buffer, offset, length);
			case "response.reasoning_summary_part.done" ->
				readPart(this.response.hasReasoning(), buffer, offset, length);
			case "response.output_item.added" -> this.reader.readItemEvent(buffer, offset, length, false);
			case "response.output_item.done" -> this.reader.readItemEvent(buffer, offset, length, true);
			case "response.output_text.annotation.added" -> readAnnotation(buffer, offset, length);
			case "response.created" -> this.reader.readIdentity(buffer, offset, length);
			case "response.completed", "response.incomplete", "response.failed", "response.done",
					"response.cancelled" ->
				readEnd(event, buffer, offset, length);
			case "response.error" -> throw toException(buffer, offset, length);
			case "response.in_progress", "response.queued", "response.content_part.added",
					"response.reasoning_summary_part.added", "response.custom_tool_call_input.delta",
					"response.custom_tool_call_input.done", "response.code_interpreter_call_code.delta",
					"response.code_interpreter_call_code.done", "response.mcp_call_arguments.delta",
					"response.mcp_call_arguments.done", "response.mcp_call_output.delta",
					"response.mcp_call_output.done", "response.mcp_list_tools.in_progress",
					"response.mcp_list_tools.completed", "response.mcp_list_tools.failed" -> {
				// Other events carry the same information
			}
			default -> {
				int tool = event.indexOf(TOOL_CALL);
				if (tool > 0) {
					readToolStatus(event.substring(tool + TOOL_CALL.length()), buffer, offset, length);
				}
				else {
					this.response.addUnknownEvent(buffer, offset, length);
				}
			}
		}
	}

	// Usually repeats earlier events, so it must not fail the stream
	private void readDone(ResponsesReader.ContentType kind, String field, byte[] buffer, int offset, int length) {
		try {
			this.reader.readDone(kind, field, buffer, offset, length);
		}
		catch (JacksonException ex) {
			this.response.addUnknownEvent(buffer, offset, length);
		}
	}

	private void readPart(boolean known, byte[] buffer, int offset, int length) {
		if (known) {
			return;
		}
		try {
			this.reader.readPart(buffer, offset, length);
		}
		catch (JacksonException ex) {
			this.response.addUnknownEvent(buffer, offset, length);
		}
	}

	// Items are retained almost unchanged, and each delta of a tool call leaves a trace
	private static int itemBytes(String event, int length) {
		if (event.startsWith("response.output_text.") && !event.endsWith("annotation.added")) {
			return 0;
		}
		if (event.startsWith("response.output_item.") || event.contains(TOOL_CALL) || event.endsWith("annotation.added")
				|| event.startsWith("response.mcp_list_tools.")) {
			return length;
		}
		return event.contains("_call_") ? 1 : 0;
	}

	private void readEnd(String event, byte[] buffer, int offset, int length) {
		this.reader.readResponseEvent(buffer, offset, length);
		if (this.response.hasFailed() || event.equals("response.failed")) {
			throw toException(buffer, offset, length);
		}
		this.response.finish(!event.equals("response.incomplete") && !event.equals("response.cancelled"));
	}

	private void readToolStatus(String status, byte[] buffer, int offset, int length) {
		Map<String, @Nullable Object> event = this.reader.readEvent(buffer, offset, length);
		int index = this.reader.indexOf(event);
		if (this.response.isKnown(index)) {
			this.response.updateToolStatus(index, status);
		}
	}

	private void readAnnotation(byte[] buffer, int offset, int length) {
		Map<String, @Nullable Object> event = this.reader.readEvent(buffer, offset, length);
		if (event.get("annotation") instanceof Map<?, ?> annotation) {
			int index = this.reader.indexOf(event);
			if (this.response.isKnown(index)) {
				this.response.addAnnotation(index, ResponsesReader.number(event, "content_index"),
						ResponsesReader.number(event, "annotation_index"), annotation);
			}
		}
	}

	// Without an event name, the type is part of the data
	private void readUnnamed(@Nullable String event, byte[] buffer, int offset, int length) {
		if ("ping".equals(event)) {
			return;
		}
		Map<String, @Nullable Object> data = this.reader.readEvent(buffer, offset, length);
		Object type = data.get("type");
		if (type instanceof String name && name.startsWith(PREFIX)) {
			read(name, buffer, offset, length);
		}
		else if ("error".equals(event) || "error".equals(type) || ErrorFields.isError(data.get("error"), false)
				|| (type == null && ErrorFields.isError(data.get("code"), false))) {
			throw toException(buffer, offset, length);
		}
		else if (!"ping".equals(type)) {
			this.response.addUnknownEvent(buffer, offset, length);
		}
	}

	@Override
	public boolean isEnded() {
		return this.response.hasEnded();
	}

	@Override
	public List<ChatResponse> drain() {
		return this.response.drainPart();
	}

	@Override
	public List<ChatResponse> complete() {
		if (!this.response.hasEnded()) {
			throw streamBroken("ended before the response was complete");
		}
		return this.response.finalParts();
	}

	@Override
	public long contentSize() {
		return this.response.sizeInBytes() + this.itemBytes;
	}

	@Override
	public boolean isWriting() {
		return this.response.isWriting();
	}

}
