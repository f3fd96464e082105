package io.github.grokspring.test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

import io.github.grokspring.test.ChatRequest.ResponseFormat;
import io.github.grokspring.test.ChatRequest.ToolCall;
import io.github.grokspring.test.HttpReply.Ending;
import io.github.grokspring.test.HttpReply.Header;
import io.github.grokspring.test.HttpReply.Step;
import io.github.grokspring.test.ModelOutput.Outcome;
import io.github.grokspring.test.ServerToolUse.CodeRun;
import io.github.grokspring.test.ServerToolUse.FileSearch;
import io.github.grokspring.test.ServerToolUse.ImageGeneration;
import io.github.grokspring.test.ServerToolUse.McpRun;
import io.github.grokspring.test.ServerToolUse.PageVisit;
import io.github.grokspring.test.ServerToolUse.WebSearch;
import io.github.grokspring.test.ServerToolUse.XSearch;
import io.github.grokspring.test.StreamPlan.ErrorText;
import org.jspecify.annotations.Nullable;

/**
 * Scripted response of a model, sent as JSON or server-sent events depending on the
 * request. Token counts that are not set are estimated. The cost is always calculated
 * from the tokens and the prices of the responding model.
 *
 * @since 0.1.0
 */
public final class Answer extends Reply<Answer> {

	private static final int NEVER = -1;

	private volatile List<String> pieces;

	private volatile @Nullable UnaryOperator<String> textFunction;

	private final List<ToolCall> toolCalls = new CopyOnWriteArrayList<>();

	private volatile List<String> reasoning = List.of();

	private final UsageCounts tokens = new UsageCounts();

	private final List<ServerToolUse> toolUses = new CopyOnWriteArrayList<>();

	private final List<String> citations = new CopyOnWriteArrayList<>();

	private volatile @Nullable String finishReason;

	private volatile @Nullable String incompleteReason;

	private volatile @Nullable ErrorText failure;

	private volatile boolean finishes = true;

	private volatile @Nullable String model;

	private volatile @Nullable String serviceTier;

	private volatile @Nullable Duration pace;

	private volatile Duration thinking = Duration.ZERO;

	private volatile int stallAfter = NEVER;

	private volatile Duration stall = Duration.ZERO;

	private volatile int endAfter = NEVER;

	private volatile @Nullable ErrorText error;

	private volatile Ending ending = Ending.COMPLETE;

	private volatile Set<GatewayQuirk> quirks = Set.of();

	Answer(Script script, List<String> pieces) {
		super(script);
		this.pieces = List.copyOf(pieces);
	}

	Answer textFunction(UnaryOperator<String> textFunction) {
		this.textFunction = textFunction;
		return this;
	}

	/**
	 * Sets the chunks of the text in a stream.
	 * @param pieces the chunks, one per event
	 * @return this answer
	 */
	public Answer inChunks(String... pieces) {
		this.pieces = List.copyOf(Arrays.asList(pieces));
		return this;
	}

	/**
	 * Adds a tool call; several calls are parallel.
	 * @param name the name of the tool
	 * @param arguments the arguments, a JSON object
	 * @return this answer
	 */
	public Answer andToolCall(String name, String arguments) {
		this.toolCalls.add(new ToolCall(null, name, arguments));
		return this;
	}

	/**
	 * Adds a web search. Server-side tools apply to the Responses API only, and the
	 * request must offer them.
	 * @param query the query
	 * @param urls the URLs of the results
	 * @return this answer
	 */
	public Answer searchingTheWeb(String query, String... urls) {
		return using(new WebSearch(query, List.of(urls)));
	}

	/**
	 * Adds an opened web page.
	 * @param url the URL of the page
	 * @return this answer
	 */
	public Answer openingPage(String url) {
		return using(new PageVisit(url, null));
	}

	/**
	 * Adds a search within a web page.
	 * @param url the URL of the page
	 * @param pattern the pattern
	 * @return this answer
	 */
	public Answer findingInPage(String url, String pattern) {
		return using(new PageVisit(url, pattern));
	}

	/**
	 * Adds a search on X, which is billed per post.
	 * @param query the query
	 * @param posts the URLs of the fetched posts; none are billed as one
	 * @return this answer
	 */
	public Answer searchingX(String query, String... posts) {
		return using(new XSearch(query, List.of(posts)));
	}

	/**
	 * Adds a run of the code interpreter.
	 * @param code the code
	 * @return this answer
	 */
	public Answer runningCode(String code) {
		return using(new CodeRun(code));
	}

	/**
	 * Adds a file search.
	 * @param query the query
	 * @param texts the results, sent only if the request includes them
	 * @return this answer
	 */
	public Answer searchingFiles(String query, String... texts) {
		return using(new FileSearch(query, List.of(texts)));
	}

	/**
	 * Adds a call of an MCP tool, preceded by the list of tools of the server.
	 * @param server the label of the server
	 * @param tool the name of the tool
	 * @param arguments the arguments, a JSON object
	 * @param output the output of the tool
	 * @return this answer
	 */
	public Answer callingMcp(String server, String tool, String arguments, String output) {
		return using(new McpRun(server, tool, arguments, output));
	}

	/**
	 * Adds an image generation.
	 * @param prompt the prompt of the image
	 * @return this answer
	 */
	public Answer makingAnImage(String prompt) {
		return using(new ImageGeneration(prompt));
	}

	/**
	 * Adds citations, and markers such as {@code [[1]](https://example.com)} after the
	 * text unless the request asks for JSON. Markers within the text are citations as
	 * well.
	 * @param urls the URLs of the sources
	 * @return this answer
	 */
	public Answer citing(String... urls) {
		this.citations.addAll(List.of(urls));
		return this;
	}

	/**
	 * Sets prompt and completion tokens; reasoning tokens become 0 unless set.
	 * @param promptTokens the prompt tokens, including cached ones
	 * @param completionTokens the visible completion tokens
	 * @return this answer
	 */
	public Answer usage(long promptTokens, long completionTokens) {
		this.tokens.prompt = promptTokens;
		this.tokens.completion = completionTokens;
		return this;
	}

	/**
	 * Sets the reasoning tokens, which are not part of the completion tokens.
	 * @param tokens the number of tokens
	 * @return this answer
	 */
	public Answer reasoningTokens(long tokens) {
		this.tokens.reasoning = tokens;
		return this;
	}

	/**
	 * Sets the cached prompt tokens.
	 * @param tokens the number of tokens
	 * @return this answer
	 */
	public Answer cachedTokens(long tokens) {
		this.tokens.cached = tokens;
		return this;
	}

	/**
	 * Sets the image tokens of the prompt.
	 * @param tokens the number of tokens
	 * @return this answer
	 */
	public Answer imageTokens(long tokens) {
		this.tokens.image = tokens;
		return this;
	}

	/**
	 * Sets the tokens of the last turn, which the Responses API reports in addition to
	 * those of all turns.
	 * @param inputTokens the input tokens of the turn
	 * @param outputTokens the output tokens of the turn, including reasoning
	 * @return this answer
	 */
	public Answer contextTokens(long inputTokens, long outputTokens) {
		this.tokens.contextInput = inputTokens;
		this.tokens.contextOutput = outputTokens;
		return this;
	}

	/**
	 * Sets the reasoning text, sent as {@code reasoning_content} in Chat Completions and
	 * as reasoning summary in the Responses API.
	 * @param text the reasoning text
	 * @return this answer
	 */
	public Answer reasoning(String text) {
		this.reasoning = Tokens.split(text);
		return this;
	}

	/**
	 * Sets the finish reason. The default is {@code stop} or {@code tool_calls}. In the
	 * Responses API, {@code length} makes the response incomplete, and others are
	 * ignored.
	 * @param reason the reason, for example {@code length}
	 * @return this answer
	 */
	public Answer finishReason(String reason) {
		this.finishReason = reason;
		return this;
	}

	/**
	 * Makes the response incomplete with a reason; in Chat Completions, the finish reason
	 * is {@code length}.
	 * @param reason {@code max_output_tokens}, {@code max_prompt_tokens} or
	 * {@code max_time_limit}
	 * @return this answer
	 */
	public Answer incomplete(String reason) {
		this.incompleteReason = reason;
		return this;
	}

	/**
	 * Fails at the end: with status {@code failed} in the Responses API, with a flat
	 * error object instead of the finish reason in Chat Completions.
	 * @param code the error code, for example {@code server_error}
	 * @param message the error message
	 * @return this answer
	 */
	public Answer failed(String code, String message) {
		this.failure = new ErrorText(code, message);
		return this;
	}

	/**
	 * Omits the finish reason: it is {@code null} in JSON and has no event in a stream.
	 * In the Responses API, the response stays in progress and its stream has no last
	 * event. Otherwise, the HTTP response ends normally.
	 * @return this answer
	 */
	public Answer withoutFinishReason() {
		this.finishes = false;
		return this;
	}

	/**
	 * Sets the model in the response. Its prices apply if the server knows it.
	 * @param id the ID of the model
	 * @return this answer
	 */
	public Answer model(String id) {
		this.model = id;
		return this;
	}

	/**
	 * Sets the service tier in the response. The default is the requested one.
	 * @param tier {@code default} or {@code priority}, which doubles the price
	 * @return this answer
	 */
	public Answer serviceTier(String tier) {
		this.serviceTier = tier;
		return this;
	}

	/**
	 * Sets the delay between chunks.
	 * @param pace the delay before each chunk
	 * @return this answer
	 */
	public Answer pace(Duration pace) {
		this.pace = pace;
		return this;
	}

	/**
	 * Sets the time of reasoning before the first chunk. Streams of Chat Completions
	 * contain empty deltas meanwhile, streams of the Responses API nothing.
	 * @param duration the duration
	 * @return this answer
	 */
	public Answer thinkingFor(Duration duration) {
		this.thinking = duration;
		return this;
	}

	/**
	 * Pauses a stream.
	 * @param chunks the number of chunks sent before
	 * @param silence the duration of the pause
	 * @return this answer
	 */
	public Answer stallsAfter(int chunks, Duration silence) {
		this.stallAfter = chunks;
		this.stall = silence;
		return this;
	}

	/**
	 * Resets the connection: after some chunks of a stream, or after half of a JSON body.
	 * @param chunks the number of chunks sent before
	 * @return this answer
	 */
	public Answer breaksAfter(int chunks) {
		return endAfter(chunks, Ending.RESET);
	}

	/**
	 * Closes the connection without completing the HTTP response.
	 * @param chunks the number of chunks sent before
	 * @return this answer
	 */
	public Answer closesAfter(int chunks) {
		return endAfter(chunks, Ending.CLOSE);
	}

	/**
	 * Completes the HTTP response of a stream early, without finish reason, usage,
	 * {@code [DONE]} or {@code response.completed}.
	 * @param chunks the number of chunks sent before
	 * @return this answer
	 */
	public Answer endsAfter(int chunks) {
		return endAfter(chunks, Ending.COMPLETE);
	}

	/**
	 * Sends an error as the last event of a stream: a flat object in Chat Completions and
	 * an event {@code error} in the Responses API. Without streaming, sends a flat object
	 * with status 200.
	 * @param chunks the number of chunks sent before
	 * @param code the value of {@code code}
	 * @param error the value of {@code error}
	 * @return this answer
	 */
	public Answer failsAfter(int chunks, String code, String error) {
		this.error = new ErrorText(code, error);
		return endAfter(chunks, Ending.COMPLETE);
	}

	/**
	 * Changes the response as some gateways do.
	 * @param quirks the quirks of the gateway
	 * @return this answer
	 */
	public Answer gateway(GatewayQuirk... quirks) {
		this.quirks = Set.of(quirks);
		return this;
	}

	@Override
	HttpReply compose(@Nullable ModelCall call) {
		if (call == null) {
			throw ApiErrorException.of(500, "internal",
					"A model response was scripted for a path without a model. Use answersRaw instead.");
		}
		ModelOutput modelOutput = modelOutput(call);
		ResponseRenderer renderer = call.render(modelOutput);
		List<Header> headers = call.context().rateWindows().record(call.model(), modelOutput.usage().totalTokens());
		long pace = ((this.pace != null) ? this.pace : call.context().pace()).toNanos();
		if (call.request().stream()) {
			StreamPlan plan = new StreamPlan(pace, this.thinking.toNanos(), this.stallAfter, this.stall.toNanos(),
					this.endAfter, this.error);
			Iterator<Step> events = KeepAlives.between(renderer.toEvents(plan), this.quirks);
			return HttpReply.stream(headers, events, this.ending);
		}
		Duration duration = this.thinking.plusNanos(pace * modelOutput.pieces().size());
		return json(renderer, modelOutput.pieces().size(), headers, call, pace).with(List.of(), duration,
				Duration.ZERO);
	}

	@Override
	Answer self() {
		return this;
	}

	Answer clearCitations() {
		this.citations.clear();
		return this;
	}

	private HttpReply json(ResponseRenderer renderer, int pieces, List<Header> headers, ModelCall call,
			long paceNanos) {
		if (this.error != null) {
			return HttpReply.json(200, renderer.toJson(this.error));
		}
		byte[] body = renderer.toJson();
		if (this.ending != Ending.COMPLETE) {
			Step half = new Step(0, Arrays.copyOf(body, body.length / 2));
			return new HttpReply(List.of(), 200, HttpReply.JSON, headers, Duration.ZERO, Duration.ZERO, null,
					List.of(half).iterator(), this.ending);
		}
		return HttpReply.json(200, addTimings(headers, call, paceNanos, pieces), body);
	}

	private List<Header> addTimings(List<Header> headers, ModelCall call, long paceNanos, int tokens) {
		long toFirst = System.nanoTime() - call.context().startedNanos() + this.thinking.toNanos();
		List<Header> all = new ArrayList<>(headers);
		all.add(new Header("x-metrics-ttft-ms", milliseconds(toFirst)));
		all.add(new Header("x-metrics-mean-itl-ms", milliseconds(paceNanos)));
		all.add(new Header("x-metrics-e2e-ms", milliseconds(toFirst + paceNanos * tokens)));
		return all;
	}

	private ModelOutput modelOutput(ModelCall call) {
		ChatRequest request = call.request();
		Model responding = (this.model != null) ? call.context().named(this.model) : call.model();
		String tier = (this.serviceTier != null) ? this.serviceTier : (request.priority() ? "priority" : "default");
		List<ServerToolUse> uses = toolUses(call);
		UnaryOperator<String> textFunction = this.textFunction;
		List<String> pieces = (textFunction != null) ? Tokens.split(textFunction.apply(request.question()))
				: this.pieces;
		List<String> markedPieces = (request.responseFormat() == ResponseFormat.TEXT)
				? UrlCitation.mark(pieces, this.citations) : pieces;
		List<ToolCall> calls = List.copyOf(this.toolCalls);
		Usage usage = this.tokens.usage(call, markedPieces, this.reasoning, calls, uses.size());
		long ticks = usage.costInTicks(responding, "priority".equals(tier)) + new ServerToolCounts(uses).feeInTicks();
		boolean complete = this.finishes && this.endAfter == NEVER && this.error == null;
		Outcome outcome = new Outcome(this.finishReason, this.incompleteReason, this.failure, this.finishes, complete);
		return new ModelOutput(responding, tier, markedPieces, this.reasoning, calls, uses, sources(uses), outcome,
				usage, this.tokens.context(call, usage, uses.size()), ticks, this.quirks);
	}

	private List<ServerToolUse> toolUses(ModelCall call) {
		if (call instanceof ChatCall) {
			return List.of();
		}
		for (ServerToolUse use : this.toolUses) {
			if (!call.serverTools().offers(use.tool())) {
				throw ApiErrorException.of(500, "internal",
						"The scripted response uses the tool " + use.tool() + ", which the request does not offer.");
			}
		}
		return List.copyOf(this.toolUses);
	}

	private List<String> sources(List<ServerToolUse> uses) {
		Set<String> sources = new LinkedHashSet<>(this.citations);
		UrlCitation.in(String.join("", this.pieces)).forEach((citation) -> sources.add(citation.url()));
		for (ServerToolUse use : uses) {
			if (use.openedPage() != null) {
				sources.add(use.openedPage());
			}
		}
		return List.copyOf(sources);
	}

	private Answer using(ServerToolUse use) {
		this.toolUses.add(use);
		return this;
	}

	private Answer endAfter(int chunks, Ending ending) {
		this.endAfter = chunks;
		this.ending = ending;
		return this;
	}

	private static String milliseconds(long nanos) {
		return Double.toString(Math.round(nanos / 100_000.0) / 10.0);
	}

	static Answer ofChunks(Script script, int chunks) {
		List<String> words = new ArrayList<>(chunks);
		for (int i = 1; i <= chunks; i++) {
			words.add((i == 1) ? "1" : " " + i);
		}
		return new Answer(script, words);
	}

}
