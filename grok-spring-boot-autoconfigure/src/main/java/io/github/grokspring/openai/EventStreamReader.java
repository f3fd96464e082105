package io.github.grokspring.openai;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.github.grokspring.connection.ErrorTranslator;
import okio.Buffer;
import okio.ByteString;
import okio.ForwardingSource;
import okio.Source;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Passes server-sent events on, line by line, and looks for errors among them, which the
 * SDK knows in one of their shapes only, and then loses half of what they say. Lines
 * without the word are not even decoded.
 */
final class EventStreamReader extends ForwardingSource {

	private static final long READ_SIZE = 8192;

	/** So much of an answer is looked for in an error that follows it. */
	private static final long REMEMBERED = 512 * 1024;

	private static final ByteString QUOTED_ERROR = ByteString.encodeUtf8("\"error\"");

	private static final ByteString EVENT = ByteString.encodeUtf8("event:");

	private static final ByteString CONTENT = ByteString.encodeUtf8("\"content\"");

	private static final ByteString TOOL_CALLS = ByteString.encodeUtf8("\"tool_calls\"");

	private static final ByteString FINISH_REASON = ByteString.encodeUtf8("\"finish_reason\"");

	private static final String DATA = "data:";

	private final ActiveCall call;

	private final Duration idleTimeout;

	private final Buffer arrived = new Buffer();

	private final Buffer lines = new Buffer();

	private final Buffer passed = new Buffer();

	private @Nullable RefusedAnswer refused;

	private boolean errorEvent;

	private boolean writing;

	EventStreamReader(Source source, ActiveCall call, Duration idleTimeout) {
		super(source);
		this.call = call;
		this.idleTimeout = idleTimeout;
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
					return -1;
				}
				end = this.arrived.size();
			}
			else {
				end = endOfLines();
			}
			take(end);
		}
		return this.lines.read(sink, byteCount);
	}

	private long readMore() throws IOException {
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
	}

	private long endOfLines() {
		long end = 0;
		for (long newline = this.arrived.indexOf((byte) '\n'); newline >= 0; newline = this.arrived.indexOf((byte) '\n',
				end)) {
			end = newline + 1;
		}
		return end;
	}

	private void take(long end) throws IOException {
		if (this.call.serviceTier() == null) {
			String tier = ServiceTier.in(this.arrived);
			if (tier != null) {
				this.call.servedIn(tier);
			}
		}
		if (!this.call.isFinished() && hasText(FINISH_REASON)) {
			// Spring AI makes the same of a reason it does not know as of none
			this.call.finished();
		}
		if (!this.writing && (hasText(CONTENT) || this.arrived.indexOf(TOOL_CALLS) >= 0)) {
			this.writing = true;
			if (this.idleTimeout.compareTo(this.call.silence()) < 0) {
				timeout().timeout(this.idleTimeout.toMillis(), TimeUnit.MILLISECONDS);
			}
		}
		boolean suspicious = this.errorEvent || this.arrived.indexOf(QUOTED_ERROR) >= 0
				|| this.arrived.indexOf(EVENT) >= 0;
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
			catch (RefusedAnswer ex) {
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

	private ByteString inspect(ByteString bytes) throws IOException {
		String line = bytes.utf8();
		if (line.isBlank()) {
			this.errorEvent = false;
			return bytes;
		}
		if (line.startsWith("event:")) {
			this.errorEvent = "error".equals(line.substring("event:".length()).strip());
			return bytes;
		}
		if (!line.startsWith(DATA) || (!this.errorEvent && !line.contains("\"error\""))) {
			return bytes;
		}
		return inspectData(bytes, line.substring(DATA.length()).strip());
	}

	private ByteString inspectData(ByteString line, String data) throws IOException {
		JsonNode event;
		try {
			event = JsonMapper.shared().readTree(data);
		}
		catch (JacksonException ex) {
			// Whoever decodes the event says what is wrong with it.
			return line;
		}
		JsonNode error = event.path("error");
		boolean nothing = error.isMissingNode() || error.isNull();
		if (this.errorEvent || !nothing || "error".equals(event.path("type").asString(""))) {
			ByteString body = ByteString.encodeUtf8(data);
			throw new RefusedAnswer(this.call.failed(ErrorTranslator.fromEvent(body.toByteArray(), 0, body.size(),
					this.call.headers(), this.call.model(), this.call.sent().and(this::answer))));
		}
		if (error.isNull() && event instanceof ObjectNode chunk) {
			// The SDK takes the mere name of the field for an error.
			chunk.remove("error");
			return ByteString.encodeUtf8(DATA + " " + chunk + "\n");
		}
		return line;
	}

}
