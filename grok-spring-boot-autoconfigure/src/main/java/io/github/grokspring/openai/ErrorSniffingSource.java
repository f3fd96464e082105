package io.github.grokspring.openai;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.github.grokspring.chain.LogSanitizer;
import io.github.grokspring.connection.ErrorTranslator;
import io.github.grokspring.connection.HttpSettings;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.wire.JsonValues;
import io.github.grokspring.wire.ToolCallAssembler;
import okio.Buffer;
import okio.ByteString;
import okio.ForwardingSource;
import okio.Source;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Passes server-sent events on, line by line, and looks for errors among them, which the
 * SDK knows in one of their shapes only, and then loses half of what they say. Events
 * that are no chunk are left out, and tool calls passed on whole. Most lines are not even
 * decoded.
 */
final class ErrorSniffingSource extends ForwardingSource {

	private static final long READ_SIZE = 8192;

	private static final long MAX_LINE = 16 * 1024 * 1024;

	/** So much of an answer is looked for in an error that follows it. */
	private static final long REMEMBERED = 512 * 1024;

	private static final ByteString QUOTED_ERROR = ByteString.encodeUtf8("\"error\"");

	private static final ByteString EVENT = ByteString.encodeUtf8("event:");

	private static final ByteString CONTENT = ByteString.encodeUtf8("\"content\"");

	private static final ByteString REASONING_CONTENT = ByteString.encodeUtf8("\"reasoning_content\"");

	private static final ByteString REASONING = ByteString.encodeUtf8("\"reasoning\"");

	private static final ByteString REFUSAL = ByteString.encodeUtf8("\"refusal\"");

	private static final ByteString TOOL_CALLS = ByteString.encodeUtf8("\"tool_calls\"");

	private static final ByteString FINISH_REASON = ByteString.encodeUtf8("\"finish_reason\"");

	private static final ByteString USAGE = ByteString.encodeUtf8("\"usage\":{");

	private static final ByteString CHOICES = ByteString.encodeUtf8("\"choices\"");

	private static final ByteString DELTA = ByteString.encodeUtf8("\"delta\"");

	private static final ByteString ANNOTATIONS = ByteString.encodeUtf8("\"annotations\":[{");

	private static final String DATA = "data:";

	private static final ByteString DATA_BYTES = ByteString.encodeUtf8(DATA);

	private final InFlightCall call;

	private final Duration idleTimeout;

	private final Duration contentTimeout;

	private final Buffer arrived = new Buffer();

	private final Buffer lines = new Buffer();

	private final Buffer passed = new Buffer();

	private @Nullable RefusalResponse refused;

	private @Nullable String event;

	private @Nullable ToolCallAssembler toolCalls;

	private Map<String, @Nullable Object> template = Map.of();

	private boolean writing;

	/** A chunk has come. */
	private boolean begun;

	/** The first chunk lacked what the SDK requires, so the others are likely to. */
	private boolean irregular;

	/** So much of what arrived has no end of a line. */
	private long searched;

	/** How long the server was waited for since the last content. */
	private Duration waited = Duration.ZERO;

	ErrorSniffingSource(Source source, InFlightCall call, HttpSettings settings) {
		super(source);
		this.call = call;
		this.idleTimeout = settings.streamIdleTimeout();
		this.contentTimeout = settings.contentTimeout();
	}

	@Override
	public long read(Buffer sink, long byteCount) throws IOException {
		while (this.lines.exhausted()) {
			if (this.refused != null) {
				throw this.refused;
			}
			long end;
			if (readMore() < 0) {
				if (this.arrived.exhausted()) {
					// Calls without an end may have lost a part of their arguments
					return -1;
				}
				end = this.arrived.size();
			}
			else {
				end = endOfLines();
			}
			if (end > 0) {
				take(end);
			}
			this.searched = this.arrived.size();
		}
		return this.lines.read(sink, byteCount);
	}

	private long readMore() throws IOException {
		if (this.arrived.size() > Math.max(MAX_LINE, this.call.limit())) {
			throw new RefusalResponse(this.call.tooLarge());
		}
		long start = System.nanoTime();
		try {
			return super.read(this.arrived, READ_SIZE);
		}
		catch (IOException ex) {
			// Nobody listens any more, so the stream has ended, not failed.
			if (this.call.isCancelled()) {
				return -1;
			}
			throw ex;
		}
		finally {
			// A consumer that takes its time is not waited for here.
			this.waited = this.waited.plusNanos(System.nanoTime() - start);
		}
	}

	// Keep-alive comments and deltas that say nothing keep no stream alive for ever.
	private void checkContent() throws IOException {
		if (hasText(CONTENT) || hasText(REASONING_CONTENT) || this.arrived.indexOf(TOOL_CALLS) >= 0
				|| hasText(REASONING) || hasText(REFUSAL) || hasText(FINISH_REASON)) {
			this.waited = Duration.ZERO;
		}
		else if (this.waited.compareTo(this.contentTimeout) > 0) {
			throw new RefusalResponse(this.call.failed(GrokApiException
				.builder(ErrorKind.TIMEOUT, "The stream of xAI for model '" + LogSanitizer.sanitize(this.call.model())
						+ "' brought neither text nor reasoning nor tool calls for longer than " + this.contentTimeout
						+ ". Raise 'grok.http.content-timeout' if the model may take that long.")
				.status(200)
				.requestId(this.call.headers().requestId())
				.build()));
		}
	}

	private long endOfLines() {
		long end = 0;
		for (long newline = this.arrived.indexOf((byte) '\n', this.searched); newline >= 0; newline = this.arrived
			.indexOf((byte) '\n', end)) {
			end = newline + 1;
		}
		return end;
	}

	private void take(long end) throws IOException {
		checkContent();
		if (this.call.serviceTier() == null) {
			String tier = ServiceTier.in(this.arrived);
			if (tier != null) {
				this.call.servedIn(tier);
			}
		}
		boolean finishes = hasText(FINISH_REASON);
		if (finishes) {
			this.call.finished();
		}
		if (!this.writing && (hasText(CONTENT) || this.arrived.indexOf(TOOL_CALLS) >= 0)) {
			this.writing = true;
			if (this.idleTimeout.compareTo(this.call.silence()) < 0) {
				timeout().timeout(this.idleTimeout.toMillis(), TimeUnit.MILLISECONDS);
			}
		}
		boolean suspicious = this.irregular || !this.begun || finishes || this.event != null || this.toolCalls != null
				|| this.arrived.indexOf(QUOTED_ERROR) >= 0 || this.arrived.indexOf(EVENT) >= 0
				|| this.arrived.indexOf(TOOL_CALLS) >= 0 || this.arrived.indexOf(USAGE) >= 0
				|| this.arrived.indexOf(ANNOTATIONS) >= 0 || hasIrregularData(end);
		if (!suspicious) {
			remember(this.arrived, end);
			this.lines.write(this.arrived, end);
			return;
		}
		long left = end;
		while (left > 0) {
			long newline = this.arrived.indexOf((byte) '\n', 0, left);
			long length = (newline >= 0) ? newline + 1 : left;
			ByteString line;
			try {
				line = inspect(this.arrived.readByteString(length));
			}
			catch (RefusalResponse ex) {
				// What came with it goes first
				this.refused = ex;
				return;
			}
			remember(line);
			this.lines.write(line);
			left -= length;
		}
	}

	// Bytes are shared, not copied, as long as they are not thrown away.
	private void remember(Buffer source, long length) throws IOException {
		source.copyTo(this.passed, 0, length);
		forget();
	}

	private void remember(ByteString line) throws IOException {
		this.passed.write(line);
		forget();
	}

	private void forget() throws IOException {
		if (this.passed.size() > REMEMBERED) {
			this.passed.skip(this.passed.size() - REMEMBERED);
		}
	}

	// What the model has said and thought so far.
	private List<String> answer() {
		StringBuilder content = new StringBuilder();
		StringBuilder reasoning = new StringBuilder();
		this.passed.clone().readUtf8().lines().filter((line) -> line.startsWith(DATA)).forEach((line) -> {
			try {
				JsonNode delta = JsonMapper.shared()
					.readTree(line.substring(DATA.length()))
					.path("choices")
					.path(0)
					.path("delta");
				content.append(delta.path("content").asString(""));
				reasoning.append(delta.path("reasoning_content").asString(""));
			}
			catch (JacksonException ex) {
				// The mark of the end, or the rest of a line: nothing that was said
				content.append(' ');
			}
		});
		return List.of(content.toString(), reasoning.toString());
	}

	// Whether a field has come with some text: one that says nothing yet is left out,
	// null or empty.
	private boolean hasText(ByteString field) throws IOException {
		for (long at = this.arrived.indexOf(field); at >= 0; at = this.arrived.indexOf(field, at + 1)) {
			long quote = this.arrived.indexOf((byte) '"', at + field.size());
			if (quote >= 0 && quote <= at + field.size() + 2 && quote + 1 < this.arrived.size()
					&& this.arrived.getByte(quote + 1) != '"') {
				return true;
			}
		}
		return false;
	}

	// Whether there may be data that is no chunk, or one that the SDK would refuse.
	private boolean hasIrregularData(long end) throws IOException {
		for (long at = this.arrived.indexOf(DATA_BYTES); at >= 0
				&& at < end; at = this.arrived.indexOf(DATA_BYTES, at + 1)) {
			long newline = this.arrived.indexOf((byte) '\n', at, end);
			long lineEnd = (newline >= 0) ? newline : end;
			if (valueAt(at + DATA_BYTES.size(), lineEnd) != '{' || valueOf(CHOICES, at, lineEnd) != '['
					|| valueOf(DELTA, at, lineEnd) != '{' || valueOf(CONTENT, at, lineEnd) == '[') {
				return true;
			}
		}
		return false;
	}

	// How the value of a field begins, 0 if there is none.
	private byte valueOf(ByteString field, long from, long to) throws IOException {
		long at = this.arrived.indexOf(field, from);
		return (at >= 0 && at < to) ? valueAt(at + field.size(), to) : 0;
	}

	private byte valueAt(long from, long to) {
		for (long at = from; at < to; at++) {
			byte character = this.arrived.getByte(at);
			if (character != ' ' && character != ':') {
				return character;
			}
		}
		return 0;
	}

	private ByteString inspect(ByteString bytes) throws IOException {
		String line = bytes.utf8();
		if (line.isBlank()) {
			this.event = null;
			return bytes;
		}
		if (line.startsWith("event:")) {
			// The SDK knows other kinds of streams by their names.
			this.event = line.substring("event:".length()).strip();
			return ByteString.EMPTY;
		}
		return line.startsWith(DATA) ? inspectData(bytes, line.substring(DATA.length()).strip()) : bytes;
	}

	private ByteString inspectData(ByteString line, String data) throws IOException {
		if (data.startsWith("[DONE]")) {
			return concat(pendingToolCalls(), line);
		}
		Map<String, @Nullable Object> json = JsonValues.readObject(data);
		if ("error".equals(this.event) || "error".equals(json.get("type"))) {
			throw refused(data.getBytes(StandardCharsets.UTF_8));
		}
		if ("ping".equals(this.event) || !mayBeChunk(data)) {
			return ByteString.EMPTY;
		}
		byte[] error = ResponseNormalizer.error(json);
		if (error != null) {
			throw refused(error);
		}
		if (json.isEmpty()) {
			// What cannot be read is for the SDK to refuse.
			return data.equals("{}") ? ByteString.EMPTY : line;
		}
		boolean incomplete = ResponseNormalizer.normalize(json, ResponseNormalizer.DELTA, this.call);
		this.irregular |= incomplete && !this.begun;
		this.begun = true;
		takeAnnotations(json);
		return (takeToolCalls(json) || incomplete) ? line(json) : line;
	}

	// Every part of a chunk has braces or quotes; events of other names may have both.
	private boolean mayBeChunk(String data) {
		boolean named = this.event != null && !this.event.isEmpty() && !"message".equals(this.event);
		return data.startsWith("{") || (!named && (data.indexOf('{') >= 0 || data.indexOf('"') > 0));
	}

	private RefusalResponse refused(byte[] error) {
		return new RefusalResponse(this.call.failed(ErrorTranslator.fromEvent(error, 0, error.length,
				this.call.headers(), this.call.model(), this.call.sent().withResponse(this::answer))));
	}

	private void takeAnnotations(Map<String, @Nullable Object> json) throws IOException {
		for (Map<String, @Nullable Object> choice : ResponseNormalizer.choices(json)) {
			if (choice.get(ResponseNormalizer.DELTA) instanceof Map<?, ?> delta
					&& delta.get("annotations") instanceof List<?> annotations && !annotations.isEmpty()) {
				if (!this.call.keep(JsonValues.toArgumentsText(annotations).length())) {
					throw new RefusalResponse(this.call.tooLarge());
				}
				this.call.annotations(annotations);
			}
		}
	}

	// Fragments of tool calls are kept back, and passed on as whole calls at the end.
	private boolean takeToolCalls(Map<String, @Nullable Object> json) throws IOException {
		List<Map<String, @Nullable Object>> choices = ResponseNormalizer.choices(json);
		if (choices.size() != 1) {
			return false;
		}
		Map<String, @Nullable Object> choice = choices.get(0);
		Map<String, @Nullable Object> delta = (choice.get("delta") instanceof Map<?, ?> fields)
				? ResponseNormalizer.copy(fields) : new LinkedHashMap<>();
		boolean taken = delta.remove("tool_calls") instanceof List<?> fragments && take(fragments, json);
		boolean finished = choice.get("finish_reason") instanceof String reason && !reason.isEmpty();
		ToolCallAssembler calls = this.toolCalls;
		if (finished && calls != null) {
			this.toolCalls = null;
			if (calls.hasToolCalls()) {
				delta.put("tool_calls", ResponseNormalizer.toolCalls(calls));
			}
		}
		else if (!taken) {
			return false;
		}
		choice.put("delta", delta);
		return true;
	}

	private boolean take(List<?> fragments, Map<String, @Nullable Object> json) throws IOException {
		ToolCallAssembler calls = (this.toolCalls != null) ? this.toolCalls : new ToolCallAssembler();
		for (Object fragment : fragments) {
			if (!this.call.keep(JsonValues.toArgumentsText(fragment).length())) {
				throw new RefusalResponse(this.call.tooLarge());
			}
		}
		calls.addDelta(fragments);
		this.toolCalls = calls;
		this.template = json;
		return true;
	}

	// Builds of 2025 left the finish reason out where the answer was a tool call.
	private ByteString pendingToolCalls() {
		ToolCallAssembler calls = this.toolCalls;
		this.toolCalls = null;
		if (calls == null || !calls.hasToolCalls()) {
			return ByteString.EMPTY;
		}
		Map<String, @Nullable Object> json = new LinkedHashMap<>(this.template);
		json.remove("usage");
		json.put("choices", List.of(Map.of("index", 0, "delta",
				Map.of("tool_calls", ResponseNormalizer.toolCalls(calls)), "finish_reason", "tool_calls")));
		return concat(line(json), ByteString.encodeUtf8("\n"));
	}

	private static ByteString line(Map<String, @Nullable Object> json) {
		return ByteString
			.encodeUtf8(DATA + " " + new String(ResponseNormalizer.bytes(json), StandardCharsets.UTF_8) + "\n");
	}

	private static ByteString concat(ByteString first, ByteString second) {
		return new Buffer().write(first).write(second).readByteString();
	}

}
