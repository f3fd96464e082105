package io.github.grokspring.test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLException;

import io.netty.handler.ssl.SslContext;
import reactor.netty.DisposableServer;
import reactor.netty.http.Http2SslContextSpec;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.LoopResources;

/**
 * Strict mock of {@code api.x.ai} that listens on a local socket.
 * <p>
 * Serves Chat Completions and the Responses API (JSON and server-sent events), the model
 * lists, the API key and the tokenizer. Rejects what xAI rejects, with the same bodies,
 * counts tokens and calculates costs in ticks. By default, it responds to all valid
 * requests; scripted replies override that:
 *
 * <pre class="code">
 * class WeatherTests {
 *
 *     &#64;RegisterExtension
 *     static final XaiServerExtension xai = XaiServerExtension.start();
 *
 *     &#64;Test
 *     void retriesRateLimitedRequest() {
 *         xai.failsWith(429).retryAfter(2);
 *         xai.answers("Sunny").usage(10, 5);
 *
 *         // call the code under test, with xai.baseUrl() and xai.apiKey()
 *
 *         xai.lastRequest().hasParameter("messages").hasNoParameter("stop");
 *     }
 *
 * }
 * </pre>
 *
 * Replies are queued and returned in order to requests of both endpoints; when the queue
 * is empty, the default applies. Only requests that xAI would accept consume a reply. The
 * last {@value RequestLog#CAPACITY} requests are recorded. HTTP/1.1 and HTTP/2 are served
 * on the same port.
 * <p>
 * Thread-safe. Only {@link #start()}, {@link #close()} and
 * {@link #awaitClientDisconnect(Duration)} block. The threads of the server are daemons.
 *
 * @since 0.1.0
 */
public sealed class XaiServer implements AutoCloseable permits XaiServerExtension {

	/**
	 * Default API key of the server. Not valid at xAI.
	 */
	public static final String API_KEY = "xai-stand-in-0123456789abcdefghijklmnopqrstuvwxyz";

	/**
	 * ID of the team in error messages.
	 */
	public static final String TEAM_ID = "00000000-0000-0000-0000-000000000000";

	static final String CHAT_COMPLETIONS = "/v1/chat/completions";

	static final String RESPONSES = "/v1/responses";

	static final Set<String> MODEL_PATHS = Set.of(CHAT_COMPLETIONS, RESPONSES);

	private static final Duration SHUTDOWN_TIMEOUT = Duration.ofSeconds(3);

	private static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(10);

	private final Script script = new Script();

	private final ConnectionStatistics connections = new ConnectionStatistics();

	private final Models models = new Models();

	private final StoredResponses responses = new StoredResponses();

	private final RateLimitWindows rateWindows;

	private final RequestLog log;

	private final String apiKey;

	private volatile KeyStatus keyStatus = KeyStatus.VALID;

	private final boolean secure;

	private final LoopResources loops;

	private final DisposableServer server;

	XaiServer(XaiServerBuilder builder) {
		this.log = new RequestLog(builder.recording);
		this.rateWindows = new RateLimitWindows(builder.clock);
		this.apiKey = builder.apiKey;
		this.secure = builder.keys != null;
		this.loops = LoopResources.create("xai-server", builder.threads, true);
		DefaultResponder responder = builder.conversational ? new ConversationalResponder() : new PlainResponder();
		Duration pace = (builder.pace != null) ? builder.pace
				: (builder.conversational ? ConversationalResponder.PACE : Duration.ZERO);
		Set<String> apiKeys = new LinkedHashSet<>(builder.additionalApiKeys);
		apiKeys.add(this.apiKey);
		Router router = new Router(apiKeys, () -> this.keyStatus, this.script, this.log, this.connections, this.models,
				this.responses, this.rateWindows, responder, pace);
		this.server = http(builder).handle(router::handle).bindNow();
	}

	/**
	 * Starts a server on a free port of the loopback interface.
	 * @return the running server
	 */
	public static XaiServer start() {
		return builder().start();
	}

	/**
	 * Creates a builder.
	 * @return a builder with the defaults of {@link #start()}
	 */
	public static XaiServerBuilder builder() {
		return new XaiServerBuilder();
	}

	/**
	 * Returns the base URL for clients.
	 * @return the URL, ending with {@code /v1}
	 */
	public String baseUrl() {
		return (this.secure ? "https" : "http") + "://127.0.0.1:" + port() + "/v1";
	}

	/**
	 * Returns the port of the server.
	 * @return the TCP port
	 */
	public int port() {
		return this.server.port();
	}

	/**
	 * Returns the API key that the server accepts.
	 * @return the API key
	 */
	public String apiKey() {
		return this.apiKey;
	}

	/**
	 * Responds to the next request with a text.
	 * @param text the text of the model
	 * @return the answer, for further configuration
	 */
	public Answer answers(String text) {
		return this.script.add(new Answer(this.script, Tokens.split(text)));
	}

	/**
	 * Responds to the next request with a text that depends on its last question, so that
	 * concurrent callers can identify their responses.
	 * @param text the function from the question to the text
	 * @return the answer, for further configuration
	 */
	public Answer answers(UnaryOperator<String> text) {
		return this.script.add(new Answer(this.script, List.of()).textFunction(text));
	}

	/**
	 * Responds to the next request with many short chunks.
	 * @param chunks the number of chunks
	 * @return the answer, for further configuration
	 */
	public Answer answersInChunks(int chunks) {
		return this.script.add(Answer.ofChunks(this.script, chunks));
	}

	/**
	 * Responds to the next request with a tool call.
	 * @param name the name of the tool
	 * @param arguments the arguments, a JSON object
	 * @return the answer; use {@link Answer#andToolCall} for parallel calls
	 */
	public Answer answersWithToolCall(String name, String arguments) {
		return this.script.add(new Answer(this.script, List.of()).andToolCall(name, arguments));
	}

	/**
	 * Responds to the next request with a raw body, for streams as well.
	 * @param status the HTTP status
	 * @param contentType the content type
	 * @param body the body, sent as UTF-8
	 * @return the reply, for further configuration
	 */
	public RawReply answersRaw(int status, String contentType, String body) {
		return answersRaw(status, contentType, body.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * Responds to the next request with raw bytes, for streams as well.
	 * @param status the HTTP status
	 * @param contentType the content type
	 * @param body the body
	 * @return the reply, for further configuration
	 */
	public RawReply answersRaw(int status, String contentType, byte[] body) {
		return this.script.add(new RawReply(this.script, status, contentType, body));
	}

	/**
	 * Responds to the next request with raw events.
	 * @param events the complete stream as text
	 * @return the reply, for further configuration
	 */
	public RawReply streamsRaw(String events) {
		return answersRaw(200, HttpReply.EVENT_STREAM, events);
	}

	/**
	 * Responds to the next request with status 200 and a flat error body, for streams as
	 * well.
	 * @param code the value of {@code code}
	 * @param error the value of {@code error}
	 * @return the reply, for further configuration
	 */
	public RawReply answersWithError(String code, String error) {
		return answersRaw(200, HttpReply.JSON, ApiErrorException.body(code, error));
	}

	/**
	 * Fails the next request with the body that xAI sends; an HTML page for statuses 520
	 * to 530 except 529.
	 * @param status the HTTP status
	 * @return the failure, for further configuration
	 */
	public Failure failsWith(int status) {
		return this.script.add(new Failure(this.script, status));
	}

	/**
	 * Fails the next request with 403, because the team has no credits left.
	 * @return the failure, for further configuration
	 */
	public Failure hasNoCredits() {
		return failsWith(403).saying("permission-denied", "Your team " + TEAM_ID
				+ " has either used all available credits or reached its monthly spending limit. To continue making API requests, please purchase more credits or raise your spending limit.");
	}

	/**
	 * Fails the next request with 403, because a safety check failed.
	 * @return the failure, for further configuration
	 */
	public Failure refusesForSafety() {
		return failsWith(403).saying("permission-denied",
				"Content violates usage guidelines. Failed check: SAFETY_CHECK_TYPE_CYBER");
	}

	/**
	 * Resets the connection of the next request before any header.
	 * @return the reply, for further configuration
	 */
	public RawReply resetsConnection() {
		return answersRaw(0, "", new byte[0]).thenResets();
	}

	/**
	 * Limits requests or tokens, for example {@code allowing(30).requestsPerMinute()}.
	 * Requests above the limit fail with 429 and the message of xAI, without
	 * {@code Retry-After}, and consume no reply.
	 * @param amount the limit, at least 1
	 * @return the allowance, to select the type of limit
	 * @throws IllegalArgumentException if the amount is less than 1
	 */
	public Allowance allowing(long amount) {
		return new Allowance(this, this.rateWindows, amount);
	}

	/**
	 * Blocks the key until {@link #reset()}: requests are rejected with 403, and
	 * {@code /v1/api-key} returns the reason.
	 * @return this server
	 */
	public XaiServer blocksKey() {
		this.keyStatus = KeyStatus.KEY_BLOCKED;
		return this;
	}

	/**
	 * Disables the key until {@link #reset()}: requests are rejected with 403, and
	 * {@code /v1/api-key} returns the reason.
	 * @return this server
	 */
	public XaiServer disablesKey() {
		this.keyStatus = KeyStatus.KEY_DISABLED;
		return this;
	}

	/**
	 * Blocks the team of the key until {@link #reset()}: requests are rejected with 403,
	 * and {@code /v1/api-key} returns the reason.
	 * @return this server
	 */
	public XaiServer blocksTeam() {
		this.keyStatus = KeyStatus.TEAM_BLOCKED;
		return this;
	}

	/**
	 * Serves another model with the properties of an existing one.
	 * @param id the ID of the new model
	 * @param like the ID of a served model
	 * @return this server
	 * @throws IllegalArgumentException if {@code like} is not served
	 */
	public XaiServer alsoServes(String id, String like) {
		Model model = this.models.served()
			.stream()
			.filter((candidate) -> candidate.id().equals(like))
			.findFirst()
			.orElseThrow(
					() -> new IllegalArgumentException("Unknown model '" + like + "'. Use the ID of a served model."));
		this.models.add(model.named(id));
		return this;
	}

	/**
	 * Returns the requests that reached the server, including rejected ones.
	 * @return the last {@value RequestLog#CAPACITY} requests, oldest first
	 */
	public List<RecordedRequest> requests() {
		return this.log.all();
	}

	/**
	 * Returns the last request.
	 * @return the request
	 * @throws AssertionError if there was none since the start or the last reset
	 */
	public RecordedRequest lastRequest() {
		return this.log.last();
	}

	/**
	 * Returns the number of requests since the start or the last reset, including those
	 * that are no longer recorded.
	 * @return the number of requests
	 */
	public long requestCount() {
		return this.log.count();
	}

	/**
	 * Returns the number of scripted replies that have not been used yet.
	 * @return the number of replies
	 */
	public int waitingReplies() {
		return this.script.waiting();
	}

	/**
	 * Returns the number of open streams.
	 * @return the number of streams
	 */
	public int openStreams() {
		return this.connections.openStreams();
	}

	/**
	 * Returns the number of exchanges that clients aborted since the start or the last
	 * reset.
	 * @return the number of exchanges
	 */
	public long abortedExchanges() {
		return this.connections.aborted();
	}

	/**
	 * Waits until a client has aborted an exchange.
	 * @param timeout the maximum time to wait
	 * @throws AssertionError if no exchange was aborted in time
	 */
	public void awaitClientDisconnect(Duration timeout) {
		awaitClientDisconnects(1, timeout);
	}

	/**
	 * Waits until clients have aborted a number of exchanges.
	 * @param count the number since the start or the last reset
	 * @param timeout the maximum time to wait
	 * @throws AssertionError if fewer exchanges were aborted in time
	 */
	public void awaitClientDisconnects(long count, Duration timeout) {
		this.connections.awaitAborted(count, timeout);
	}

	/**
	 * Returns the number of connections accepted since the start or the last reset.
	 * @return the number of connections
	 */
	public long connectionsOpened() {
		return this.connections.connectionsOpened();
	}

	/**
	 * Returns the number of open connections.
	 * @return the number of connections
	 */
	public int activeConnections() {
		return this.connections.activeConnections();
	}

	/**
	 * Resets scripted and default replies, recorded requests, stored responses, limits,
	 * blocked keys and counters. Exchanges in progress continue.
	 */
	public void reset() {
		this.script.clear();
		this.log.clear();
		this.connections.clear();
		this.responses.clear();
		this.rateWindows.clear();
		this.keyStatus = KeyStatus.VALID;
	}

	/**
	 * Stops the server and closes its connections. Further calls have no effect.
	 */
	@Override
	public void close() {
		if (!this.server.isDisposed()) {
			this.server.disposeNow(SHUTDOWN_TIMEOUT);
		}
		this.loops.disposeLater(Duration.ZERO, SHUTDOWN_TIMEOUT).block(SHUTDOWN_TIMEOUT.plusSeconds(1));
	}

	void awaitEnd() {
		this.server.onDispose().block();
	}

	private HttpServer http(XaiServerBuilder builder) {
		HttpServer http = HttpServer.create()
			.host(builder.host)
			.port(builder.port)
			.runOn(this.loops)
			.doOnChannelInit((observer, channel, address) -> this.connections.connected(channel));
		KeyManagerFactory keys = builder.keys;
		if (keys == null) {
			return http.protocol(HttpProtocol.HTTP11, HttpProtocol.H2C);
		}
		return http.protocol(HttpProtocol.HTTP11, HttpProtocol.H2)
			.secure((spec) -> spec.sslContext(sslContext(keys)).handshakeTimeout(HANDSHAKE_TIMEOUT));
	}

	private static SslContext sslContext(KeyManagerFactory keys) {
		try {
			return Http2SslContextSpec.forServer(keys).sslContext();
		}
		catch (SSLException ex) {
			throw new IllegalArgumentException("Failed to configure TLS with these keys", ex);
		}
	}

}
