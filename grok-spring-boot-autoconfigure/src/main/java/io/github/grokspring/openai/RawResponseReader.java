package io.github.grokspring.openai;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import io.github.grokspring.chain.LogSanitizer;
import io.github.grokspring.connection.ErrorTranslator;
import io.github.grokspring.connection.HttpSettings;
import io.github.grokspring.connection.UnexpectedResponseTranslator;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.wire.JsonValues;
import io.github.grokspring.wire.UnreadableBody;
import io.netty.handler.codec.http.HttpHeaders;
import okhttp3.MediaType;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.BufferedSource;
import okio.Okio;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sees an answer before the SDK does, because the SDK loses what xAI says in an error: it
 * knows neither xAI's flat body nor an error under status 200.
 */
final class RawResponseReader {

	private static final long MAX_ERROR_BODY = 64 * 1024;

	private static final String BYTE_ORDER_MARK = "\ufeff";

	private static final MediaType JSON = MediaType.get("application/json");

	private static final String PATH = "/chat/completions";

	private static final String EVENT_STREAM = "text/event-stream";

	private final HttpSettings settings;

	RawResponseReader(HttpSettings settings) {
		this.settings = settings;
	}

	Response read(Response response, HttpHeaders headers, InFlightCall call) throws IOException {
		if (!response.isSuccessful()) {
			return withoutRawError(response, call.failed(translate(response, headers, beginning(response), call)));
		}
		return call.streaming() ? readStream(response, headers, call) : readWhole(response, headers, call);
	}

	// Reads the body to its end on this thread, which may be blocked and left alone while
	// the caller may be interrupted.
	private Response readWhole(Response response, HttpHeaders headers, InFlightCall call) throws IOException {
		ResponseBody body = body(response);
		BufferedSource source = body.source();
		if (source.request(call.limit() + 1)) {
			throw refuse(response, call, call.tooLarge());
		}
		String tier = ServiceTier.in(source.getBuffer());
		// Not a snapshot, which takes what it shares out of the pool of the HTTP client
		byte[] bytes = source.getBuffer().readByteArray();
		source.getBuffer().write(bytes);
		if (UnexpectedResponseTranslator.isUnexpectedBody(headers, bytes)) {
			throw refuse(response, call, translate(response, headers, bytes, call));
		}
		String text = new String(bytes, StandardCharsets.UTF_8);
		boolean marked = text.startsWith(BYTE_ORDER_MARK);
		Map<String, @Nullable Object> json = JsonValues.readObject(marked ? text.substring(1) : text);
		if (json.isEmpty() && UnreadableBody.matches(bytes)) {
			throw refuse(response, call,
					UnreadableBody.toException(call.model(), response.code(), call.headers().requestId()));
		}
		if (!(json.get("choices") instanceof List<?> choices)) {
			throw refuse(response, call, notAnAnswer(response, call, "something else"));
		}
		if (choices.isEmpty()) {
			// Spring AI would log the prompt.
			throw refuse(response, call, notAnAnswer(response, call, "a completion without a choice"));
		}
		byte[] error = ResponseNormalizer.error(json);
		if (error != null) {
			throw refuse(response, call, ErrorTranslator.fromEvent(error, 0, error.length, call.headers(), call.model(),
					call.sent().withResponse(() -> List.of(text))));
		}
		if (tier != null) {
			call.servedIn(tier);
		}
		boolean changed = ResponseNormalizer.normalize(json, ResponseNormalizer.MESSAGE, call)
				| ResponseNormalizer.normalizeToolCalls(json);
		return (changed || marked) ? response.newBuilder()
			.removeHeader("Content-Length")
			.body(ResponseBody.create(ResponseNormalizer.bytes(json), body.contentType()))
			.build() : response;
	}

	private Response readStream(Response response, HttpHeaders headers, InFlightCall call) throws IOException {
		ResponseBody body = body(response);
		if (UnexpectedResponseTranslator.isUnexpectedStream(headers)) {
			throw refuse(response, call, translate(response, headers, beginning(response), call));
		}
		ErrorSniffingSource events = new ErrorSniffingSource(body.source(), call, this.settings);
		return response.newBuilder()
			.body(ResponseBody.create(Okio.buffer(events), body.contentType(), body.contentLength()))
			.build();
	}

	private static RefusalResponse refuse(Response response, InFlightCall call, GrokApiException failure) {
		response.close();
		return new RefusalResponse(call.failed(failure));
	}

	private static GrokApiException translate(Response response, HttpHeaders headers, byte[] body, InFlightCall call) {
		return UnexpectedResponseTranslator.translate(response.code(), headers, body,
				call.streaming() ? EVENT_STREAM : "application/json", call.headers(), call.model(), PATH, call.sent());
	}

	private static byte[] beginning(Response response) {
		try {
			return response.peekBody(MAX_ERROR_BODY).bytes();
		}
		catch (IOException ex) {
			// Status and headers have come and say more than the failure to read on.
			return new byte[0];
		}
	}

	private static GrokApiException notAnAnswer(Response response, InFlightCall call, String what) {
		String type = response.header("Content-Type");
		return GrokApiException
			.builder(ErrorKind.UNKNOWN,
					"xAI answered the request to " + PATH + " for model '" + LogSanitizer.sanitize(call.model())
							+ "' with " + what + " ("
							+ ((type != null) ? "content type '" + LogSanitizer.sanitize(type) + "'"
									: "no content type")
							+ "). Check that 'grok.base-url' leads to xAI.")
			.status(response.code())
			.requestId(call.headers().requestId())
			.build();
	}

	// The SDK makes an exception of its own, which ends in logs and observations, so it
	// sees the translated message only.
	private static Response withoutRawError(Response response, GrokApiException failure) {
		response.close();
		byte[] error = JsonMapper.shared()
			.writeValueAsBytes(Map.of("error", Map.of("message", String.valueOf(failure.getMessage()))));
		return response.newBuilder()
			.removeHeader("Content-Length")
			.removeHeader("Content-Type")
			.body(ResponseBody.create(error, JSON))
			.build();
	}

	private static ResponseBody body(Response response) throws IOException {
		@Nullable ResponseBody body = response.body();
		if (body == null) {
			throw new IOException("An answer without a body");
		}
		return body;
	}

}
