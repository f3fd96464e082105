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
 * A strict double of {@code api.x.ai} on a real socket of this machine.
 * <p>
 * It serves chat completions and responses (JSON and server-sent events), the model
 * lists, the key and the tokenizer, refuses what xAI refuses with xAI's bodies, counts
 * tokens and bills in ticks. Without a script it answers every valid request; a script
 * says otherwise:
 *
 * <pre class="code">
 * class WeatherTests {
 *
 *     &#64;RegisterExtension
 *     static final XaiServerExtension xai = XaiServerExtension.start();
 *
 *     &#64;Test
 *     void triesAgainWhenTheRateIsExceeded() {
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
 * Replies wait in line and are given, in order, to requests for chat completions and for
 * responses; when the line is empty the default applies. A reply is used up only by a
 * request that xAI would accept. The last {@value RequestLog#CAPACITY} requests are
 * remembered. HTTP/1.1 and HTTP/2 are served on one port.
 * <p>
 * All methods may be called from any thread. None but {@link #start()}, {@link #close()}
 * and {@link #awaitClientDisconnect(Duration)} blocks. The server's threads are daemons.
 *
 * @since 0.1.0
 */
public sealed class XaiServer implements AutoCloseable permits XaiServerExtension {

	/**
	 * The key the server accepts unless told otherwise. It opens nothing else.
	 */
	public static final String API_KEY = "xai-stand-in-0123456789abcdefghijklmnopqrstuvwxyz";

	/**
	 * The team the server names in its errors.
	 */
	public static final String TEAM_ID = "00000000-0000-0000-0000-000000000000";

	static final String CHAT_COMPLETIONS = "/v1/chat/completions";

	static final String RESPONSES = "/v1/responses";

	/**
	 * Where a model answers.
	 */
	static final Set<String> ANSWERING = Set.of(CHAT_COMPLETIONS, RESPONSES);

	private static final Duration SHUTDOWN = Duration.ofSeconds(3);

	private static final Duration HANDSHAKE = Duration.ofSeconds(10);

	private final Script script = new Script();

	private final Exchanges exchanges = new Exchanges();

	private final Models models = new Models();

	private final StoredResponses responses = new StoredResponses();

	private final RateWindows rateWindows;

	private final RequestLog log;

	private final String apiKey;

	private volatile Standing standing = Standing.GOOD;

	private final boolean secure;

	private final LoopResources loops;

	private final DisposableServer server;

	XaiServer(XaiServerBuilder builder) {
		this.log = new RequestLog(builder.recording);
		this.rateWindows = new RateWindows(builder.clock);
		this.apiKey = builder.apiKey;
		this.secure = builder.keys != null;
		this.loops = LoopResources.create("xai-server", builder.threads, true);
		Improvisation improvisation = builder.conversational ? new Conversation() : new PlainImprovisation();
		Duration pace = (builder.pace != null) ? builder.pace
				: (builder.conversational ? Conversation.PACE : Duration.ZERO);
		Set<String> apiKeys = new LinkedHashSet<>(builder.additionalApiKeys);
		apiKeys.add(this.apiKey);
		Router router = new Router(apiKeys, () -> this.standing, this.script, this.log, this.exchanges, this.models,
				this.responses, this.rateWindows, improvisation, pace);
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
	 * Prepares a server.
	 * @return a builder with the defaults of {@link #start()}
	 */
	public static XaiServerBuilder builder() {
		return new XaiServerBuilder();
	}

	/**
	 * The base URL for clients.
	 * @return with {@code /v1} at its end
	 */
	public String baseUrl() {
		return (this.secure ? "https" : "http") + "://127.0.0.1:" + port() + "/v1";
	}

	/**
	 * The port the server listens on.
	 * @return a TCP port
	 */
	public int port() {
		return this.server.port();
	}

	/**
	 * The key the server accepts.
	 * @return what clients send as bearer token
	 */
	public String apiKey() {
		return this.apiKey;
	}

	/**
	 * Answers the next request.
	 * @param text what the model says
	 * @return the answer, to be described further
	 */
	public Answer answers(String text) {
		return this.script.add(new Answer(this.script, Tokens.split(text)));
	}

	/**
	 * Answers the next request with what its last question leads to, so that every caller
	 * can tell its own answer.
	 * @param text gives the text for the question
	 * @return the answer, to be described further
	 */
	public Answer answers(UnaryOperator<String> text) {
		return this.script.add(new Answer(this.script, List.of()).words(text));
	}

	/**
	 * Answers the next request with many short pieces of text.
	 * @param chunks how many
	 * @return the answer, to be described further
	 */
	public Answer answersInChunks(int chunks) {
		return this.script.add(Answer.ofChunks(this.script, chunks));
	}

	/**
	 * Calls a tool in answer to the next request.
	 * @param name the name of the tool
	 * @param arguments its arguments, a JSON object
	 * @return the answer, to which {@link Answer#andToolCall} adds parallel calls
	 */
	public Answer answersWithToolCall(String name, String arguments) {
		return this.script.add(new Answer(this.script, List.of()).andToolCall(name, arguments));
	}

	/**
	 * Answers the next request with exactly this, whether it streams or not.
	 * @param status the HTTP status
	 * @param contentType the content type
	 * @param body the body, sent as UTF-8
	 * @return the reply, to be described further
	 */
	public RawReply answersRaw(int status, String contentType, String body) {
		return answersRaw(status, contentType, body.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * Answers the next request with exactly these bytes, whether it streams or not.
	 * @param status the HTTP status
	 * @param contentType the content type
	 * @param body the body
	 * @return the reply, to be described further
	 */
	public RawReply answersRaw(int status, String contentType, byte[] body) {
		return this.script.add(new RawReply(this.script, status, contentType, body));
	}

	/**
	 * Answers the next request with exactly these events.
	 * @param events the whole stream as text
	 * @return the reply, to be described further
	 */
	public RawReply streamsRaw(String events) {
		return answersRaw(200, Outgoing.EVENT_STREAM, events);
	}

	/**
	 * Answers the next request with status 200 and a flat error body, whether it streams
	 * or not.
	 * @param code the value of {@code code}
	 * @param error the value of {@code error}
	 * @return the reply, to be described further
	 */
	public RawReply answersWithError(String code, String error) {
		return answersRaw(200, Outgoing.JSON, Refusal.body(code, error));
	}

	/**
	 * Fails the next request with the body xAI would send; an HTML page for 520 to 530
	 * except 529.
	 * @param status the HTTP status
	 * @return the failure, to be described further
	 */
	public Failure failsWith(int status) {
		return this.script.add(new Failure(this.script, status));
	}

	/**
	 * Fails the next request with 403, because the team has used its credits.
	 * @return the failure, to be described further
	 */
	public Failure hasNoCredits() {
		return failsWith(403).saying("permission-denied", "Your team " + TEAM_ID
				+ " has either used all available credits or reached its monthly spending limit. To continue making API requests, please purchase more credits or raise your spending limit.");
	}

	/**
	 * Fails the next request with 403, because a safety check failed.
	 * @return the failure, to be described further
	 */
	public Failure refusesForSafety() {
		return failsWith(403).saying("permission-denied",
				"Content violates usage guidelines. Failed check: SAFETY_CHECK_TYPE_CYBER");
	}

	/**
	 * Resets the connection of the next request before any header.
	 * @return the reply, to be described further
	 */
	public RawReply resetsConnection() {
		return answersRaw(0, "", new byte[0]).thenResets();
	}

	/**
	 * Allows only so much of something, as the next word says, and refuses what is more
	 * with 429 and xAI's sentence, without {@code Retry-After}:
	 * {@code allowing(30).requestsPerMinute()}. What is refused uses up no reply.
	 * @param amount how much, at least 1
	 * @return of what
	 * @throws IllegalArgumentException if the amount is less than 1
	 */
	public Allowance allowing(long amount) {
		return new Allowance(this, this.rateWindows, amount);
	}

	/**
	 * Blocks the key until {@link #reset()}: requests are refused with 403, and
	 * {@code /v1/api-key} says why.
	 * @return this server
	 */
	public XaiServer blocksKey() {
		this.standing = Standing.KEY_BLOCKED;
		return this;
	}

	/**
	 * Disables the key until {@link #reset()}: requests are refused with 403, and
	 * {@code /v1/api-key} says why.
	 * @return this server
	 */
	public XaiServer disablesKey() {
		this.standing = Standing.KEY_DISABLED;
		return this;
	}

	/**
	 * Blocks the team of the key until {@link #reset()}: requests are refused with 403,
	 * and {@code /v1/api-key} says why.
	 * @return this server
	 */
	public XaiServer blocksTeam() {
		this.standing = Standing.TEAM_BLOCKED;
		return this;
	}

	/**
	 * Serves another model, with the facts of one that is known.
	 * @param id id of the new model
	 * @param like id of a served model
	 * @return this server
	 * @throws IllegalArgumentException if no such model is served
	 */
	public XaiServer alsoServes(String id, String like) {
		Model model = this.models.served()
			.stream()
			.filter((candidate) -> candidate.id().equals(like))
			.findFirst()
			.orElseThrow(() -> new IllegalArgumentException("No model '" + like + "' is served"));
		this.models.add(model.named(id));
		return this;
	}

	/**
	 * The requests that reached the server, refused ones included.
	 * @return the oldest first, at most the last {@value RequestLog#CAPACITY}
	 */
	public List<RecordedRequest> requests() {
		return this.log.all();
	}

	/**
	 * The newest request.
	 * @return the request
	 * @throws AssertionError if none has come since the start or the last reset
	 */
	public RecordedRequest lastRequest() {
		return this.log.last();
	}

	/**
	 * Counts the requests since the start or the last reset, recorded or not.
	 * @return how many
	 */
	public long requestCount() {
		return this.log.count();
	}

	/**
	 * Counts the scripted replies no request has taken yet.
	 * @return how many
	 */
	public int waitingReplies() {
		return this.script.waiting();
	}

	/**
	 * Counts the streams that are being sent, or waited for, now.
	 * @return how many
	 */
	public int openStreams() {
		return this.exchanges.openStreams();
	}

	/**
	 * Counts the exchanges the client gave up before their end, since the start or the
	 * last reset.
	 * @return how many
	 */
	public long abortedExchanges() {
		return this.exchanges.aborted();
	}

	/**
	 * Waits until the client has given up an exchange before its end.
	 * @param timeout how long to wait
	 * @throws AssertionError if no exchange was given up in time
	 */
	public void awaitClientDisconnect(Duration timeout) {
		awaitClientDisconnects(1, timeout);
	}

	/**
	 * Waits until the client has given up a number of exchanges before their end.
	 * @param count how many since the start or the last reset
	 * @param timeout how long to wait
	 * @throws AssertionError if fewer were given up in time
	 */
	public void awaitClientDisconnects(long count, Duration timeout) {
		this.exchanges.awaitAborted(count, timeout);
	}

	/**
	 * Counts the connections accepted since the start or the last reset.
	 * @return how many
	 */
	public long connectionsOpened() {
		return this.exchanges.connectionsOpened();
	}

	/**
	 * Counts the connections that are open now.
	 * @return how many
	 */
	public int activeConnections() {
		return this.exchanges.activeConnections();
	}

	/**
	 * Forgets script, defaults, recorded requests, stored responses, limits, blocks and
	 * counts. Exchanges under way go on.
	 */
	public void reset() {
		this.script.clear();
		this.log.clear();
		this.exchanges.clear();
		this.responses.clear();
		this.rateWindows.clear();
		this.standing = Standing.GOOD;
	}

	/**
	 * Stops the server and closes its connections. May be called more than once.
	 */
	@Override
	public void close() {
		if (!this.server.isDisposed()) {
			this.server.disposeNow(SHUTDOWN);
		}
		this.loops.disposeLater(Duration.ZERO, SHUTDOWN).block(SHUTDOWN.plusSeconds(1));
	}

	void awaitEnd() {
		this.server.onDispose().block();
	}

	private HttpServer http(XaiServerBuilder builder) {
		HttpServer http = HttpServer.create()
			.host(builder.host)
			.port(builder.port)
			.runOn(this.loops)
			.doOnChannelInit((observer, channel, address) -> this.exchanges.connected(channel));
		KeyManagerFactory keys = builder.keys;
		if (keys == null) {
			return http.protocol(HttpProtocol.HTTP11, HttpProtocol.H2C);
		}
		return http.protocol(HttpProtocol.HTTP11, HttpProtocol.H2)
			.secure((spec) -> spec.sslContext(sslContext(keys)).handshakeTimeout(HANDSHAKE));
	}

	private static SslContext sslContext(KeyManagerFactory keys) {
		try {
			return Http2SslContextSpec.forServer(keys).sslContext();
		}
		catch (SSLException ex) {
			throw new IllegalArgumentException("The server cannot use these keys", ex);
		}
	}

}
