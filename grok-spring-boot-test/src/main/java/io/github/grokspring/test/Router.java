package io.github.grokspring.test;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

import io.github.grokspring.test.HttpReply.Header;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Routes requests to endpoints after checking HTTP methods, headers and API keys.
 */
final class Router {

	private static final byte[] NOTHING = {};

	private static final Map<String, String> METHODS = Map.of(XaiServer.CHAT_COMPLETIONS, "POST", XaiServer.RESPONSES,
			"POST", "/v1/models", "GET", "/v1/language-models", "GET", "/v1/api-key", "GET", "/v1/tokenize-text",
			"POST");

	private static final String BEARER = "bearer ";

	private static final String API_KEY = "/v1/api-key";

	private final Set<String> apiKeys;

	private final Supplier<KeyStatus> keyStatus;

	private final Script script;

	private final RequestLog log;

	private final ConnectionStatistics connections;

	private final Models models;

	private final CatalogEndpoint catalog;

	private final ResponsesEndpoint responses;

	private final RateLimitWindows rateWindows;

	private final DefaultResponder responder;

	private final Duration pace;

	Router(Set<String> apiKeys, Supplier<KeyStatus> keyStatus, Script script, RequestLog log,
			ConnectionStatistics connections, Models models, StoredResponses store, RateLimitWindows rateWindows,
			DefaultResponder responder, Duration pace) {
		this.apiKeys = apiKeys;
		this.keyStatus = keyStatus;
		this.script = script;
		this.log = log;
		this.connections = connections;
		this.models = models;
		this.catalog = new CatalogEndpoint(models);
		this.responses = new ResponsesEndpoint(store);
		this.rateWindows = rateWindows;
		this.responder = responder;
		this.pace = pace;
	}

	Publisher<Void> handle(HttpServerRequest request, HttpServerResponse response) {
		long started = System.nanoTime();
		Channel[] channel = new Channel[1];
		request.withConnection((connection) -> channel[0] = connection.channel());
		return request.receive()
			.aggregate()
			.asByteArray()
			.defaultIfEmpty(NOTHING)
			.flatMap((body) -> respond(request, response, channel[0], body, started));
	}

	private Mono<Void> respond(HttpServerRequest request, HttpServerResponse response, Channel channel, byte[] body,
			long started) {
		String uri = request.uri();
		HttpHeaders headers = request.requestHeaders();
		this.log.add(request.method().name(), uri, headers, body);
		HttpReply httpReply = httpReply(request.method().name(), uri, headers, body, started);
		ReplyWriter writer = new ReplyWriter(response, channel, httpReply);
		boolean stream = httpReply.steps() != null && HttpReply.EVENT_STREAM.equals(httpReply.contentType());
		if (stream) {
			this.connections.streamOpened();
		}
		return writer.send().doFinally((signal) -> {
			if (stream) {
				this.connections.streamClosed();
			}
			if (writer.isAborted(signal)) {
				this.connections.exchangeAborted();
			}
		});
	}

	private HttpReply httpReply(String method, String uri, HttpHeaders headers, byte[] body, long started) {
		try {
			String path = path(uri);
			String endpoint = endpoint(method, path);
			String apiKey = authenticate(headers.get(HttpHeaderNames.AUTHORIZATION));
			if (!API_KEY.equals(endpoint)) {
				this.keyStatus.get().requireValid();
			}
			if ("POST".equals(method)) {
				requireJson(headers, body);
			}
			return switch (endpoint) {
				case XaiServer.CHAT_COMPLETIONS -> reply(chat(body, apiKey, started), endpoint);
				case XaiServer.RESPONSES -> path.equals(endpoint)
						? reply(this.responses.call(body, (name) -> responsesModel(name, apiKey, started)), endpoint)
						: other(path, () -> this.responses.stored(method, uri));
				default -> other(path, () -> listed(endpoint, path, body, apiKey));
			};
		}
		catch (ApiErrorException apiError) {
			return HttpReply.apiError(apiError);
		}
		catch (Throwable ex) {
			return HttpReply.apiError(ApiErrorException.of(500, "internal", "The mock server failed: " + ex));
		}
	}

	private HttpReply other(String path, Supplier<byte[]> json) {
		Reply<?> scripted = this.script.next(path, null);
		return (scripted != null) ? scripted.httpReply(null) : HttpReply.json(200, trace(), json.get());
	}

	private byte[] listed(String endpoint, String path, byte[] body, String apiKey) {
		String name = (path.length() > endpoint.length()) ? path.substring(endpoint.length() + 1) : null;
		return switch (endpoint) {
			case "/v1/models" -> this.catalog.models(name);
			case "/v1/language-models" -> this.catalog.languageModels(name);
			case API_KEY -> CatalogEndpoint.apiKey(apiKey, this.keyStatus.get());
			default -> TokenizeEndpoint.tokenize(body, this.models);
		};
	}

	private ChatCall chat(byte[] body, String apiKey, long started) {
		ChatRequest request = ChatRequestReader.read(body);
		ServingContext context = context(this.models.resolve(request.model(), XaiServer.TEAM_ID), apiKey, started);
		ChatRequestValidator.check(request, context.model());
		return new ChatCall(request, context);
	}

	private ServingContext responsesModel(String name, String apiKey, long started) {
		return context(this.models.resolve(name, () -> ApiErrorException.invalidArgument("Model not found: " + name)),
				apiKey, started);
	}

	private ServingContext context(Models.ResolvedModel resolved, String apiKey, long started) {
		return new ServingContext(apiKey, resolved.model(), resolved.effort(), this.models, this.rateWindows, this.pace,
				started);
	}

	private HttpReply reply(ModelCall call, String path) {
		RateLimitWindows.ExceededLimit exceeded = this.rateWindows.tryAcquire(call.model());
		if (exceeded != null) {
			return Failure.rateLimitExceeded(this.script, exceeded).httpReply(call);
		}
		Reply<?> reply = this.script.next(path, call);
		if (reply == null) {
			reply = this.responder.respond(this.script, call);
		}
		HttpReply httpReply = reply.httpReply(call);
		return (reply instanceof Answer) ? httpReply.with(trace(), Duration.ZERO, Duration.ZERO) : httpReply;
	}

	private String authenticate(@Nullable String authorization) {
		if (authorization == null || !authorization.toLowerCase(Locale.ROOT).startsWith(BEARER)
				|| authorization.length() == BEARER.length()) {
			throw ApiErrorException.of(401, "unauthenticated:no-credentials",
					"No credentials provided. Send an API key in the Authorization header.");
		}
		String key = authorization.substring(BEARER.length()).strip();
		byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
		if (this.apiKeys.stream()
			.noneMatch((known) -> MessageDigest.isEqual(bytes, known.getBytes(StandardCharsets.UTF_8)))) {
			String fragment = (key.length() < 8) ? "" : ": " + CatalogEndpoint.masked(key);
			throw ApiErrorException.invalidArgument(
					"Incorrect API key provided" + fragment + ". You can obtain an API key from https://console.x.ai.");
		}
		return key;
	}

	private static String endpoint(String method, String path) {
		String endpoint = METHODS.containsKey(path) ? path : null;
		Set<String> methods = (endpoint != null) ? Set.of(METHODS.get(path)) : Set.of();
		for (String parent : List.of("/v1/models", "/v1/language-models")) {
			if (path.startsWith(parent + "/") && path.indexOf('/', parent.length() + 1) < 0
					&& path.length() > parent.length() + 1) {
				endpoint = parent;
				methods = Set.of("GET");
			}
		}
		if (path.startsWith(XaiServer.RESPONSES + "/")) {
			methods = ResponsesEndpoint.methods(path);
			endpoint = methods.isEmpty() ? null : XaiServer.RESPONSES;
		}
		if (endpoint == null) {
			throw ApiErrorException.of(404, "not-found", "The requested path " + path + " was not found.");
		}
		if (!methods.contains(method)) {
			throw ApiErrorException.of(405, "invalid-argument",
					"Method " + method + " is not allowed for " + path + ".");
		}
		return endpoint;
	}

	private static void requireJson(HttpHeaders headers, byte[] body) {
		String contentType = headers.get(HttpHeaderNames.CONTENT_TYPE);
		boolean json = contentType != null && contentType.toLowerCase(Locale.ROOT).startsWith("application/json");
		if (!json || body.length == 0) {
			throw ApiErrorException.of(415, "invalid-argument", "Expected request with `Content-Type: application/json`"
					+ (json ? " and a body, but the body is empty." : "."));
		}
	}

	private static String path(String uri) {
		int query = uri.indexOf('?');
		return (query >= 0) ? uri.substring(0, query) : uri;
	}

	private static List<Header> trace() {
		String id = Completion.newId();
		String trace = id.replace("-", "");
		return List.of(new Header("x-request-id", id),
				new Header("traceparent", "00-" + trace + "-" + trace.substring(16) + "-01"),
				new Header("x-zero-data-retention", "false"), new Header("x-data-retention", "general"));
	}

}
