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
import io.github.grokspring.test.Course.ErrorText;
import io.github.grokspring.test.Outgoing.Ending;
import io.github.grokspring.test.Outgoing.Header;
import io.github.grokspring.test.Outgoing.Step;
import io.github.grokspring.test.ServerToolUse.CodeRun;
import io.github.grokspring.test.ServerToolUse.FileSearch;
import io.github.grokspring.test.ServerToolUse.ImageGeneration;
import io.github.grokspring.test.ServerToolUse.McpRun;
import io.github.grokspring.test.ServerToolUse.PageVisit;
import io.github.grokspring.test.ServerToolUse.WebSearch;
import io.github.grokspring.test.ServerToolUse.XSearch;
import io.github.grokspring.test.Speech.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * A scripted answer of the model: whole as JSON or in events, as the request asks. Tokens
 * that are not set are estimated; the cost is always computed from the tokens and the
 * prices of the answering model.
 *
 * @since 0.1.0
 */
public final class Answer extends Reply<Answer> {

	private static final int NEVER = -1;

	private volatile List<String> pieces;

	private volatile @Nullable UnaryOperator<String> words;

	private final List<ToolCall> toolCalls = new CopyOnWriteArrayList<>();

	private volatile List<String> reasoning = List.of();

	private final UsageCounts tokens = new UsageCounts();

	private final List<ServerToolUse> toolUses = new CopyOnWriteArrayList<>();

	private final List<String> citing = new CopyOnWriteArrayList<>();

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

	/**
	 * Lets the text follow from the question.
	 * @param words gives the text for the last question
	 * @return this answer
	 */
	Answer words(UnaryOperator<String> words) {
		this.words = words;
		return this;
	}

	/**
	 * Sets the pieces the text streams in.
	 * @param pieces one per event
	 * @return this answer
	 */
	public Answer inChunks(String... pieces) {
		this.pieces = List.copyOf(Arrays.asList(pieces));
		return this;
	}

	/**
	 * Adds a call of a tool; several make parallel calls.
	 * @param name the name of the tool
	 * @param arguments its arguments, a JSON object
	 * @return this answer
	 */
	public Answer andToolCall(String name, String arguments) {
		this.toolCalls.add(new ToolCall(null, name, arguments));
		return this;
	}

	/**
	 * Lets the model search the web. What tools of xAI do shows on responses only, and
	 * the request must offer them.
	 * @param query what it looks for
	 * @param urls the pages it finds
	 * @return this answer
	 */
	public Answer searchingTheWeb(String query, String... urls) {
		return using(new WebSearch(query, List.of(urls)));
	}

	/**
	 * Lets the model open a page of the web.
	 * @param url address of the page
	 * @return this answer
	 */
	public Answer openingPage(String url) {
		return using(new PageVisit(url, null));
	}

	/**
	 * Lets the model look for something within a page of the web.
	 * @param url address of the page
	 * @param pattern what it looks for
	 * @return this answer
	 */
	public Answer findingInPage(String url, String pattern) {
		return using(new PageVisit(url, pattern));
	}

	/**
	 * Lets the model search X, which is billed by post.
	 * @param query what it looks for
	 * @param posts addresses of the posts it fetches; none count as one
	 * @return this answer
	 */
	public Answer searchingX(String query, String... posts) {
		return using(new XSearch(query, List.of(posts)));
	}

	/**
	 * Lets the model run a program.
	 * @param code the program
	 * @return this answer
	 */
	public Answer runningCode(String code) {
		return using(new CodeRun(code));
	}

	/**
	 * Lets the model search stored documents.
	 * @param query what it looks for
	 * @param texts what it finds, shown if the request includes results
	 * @return this answer
	 */
	public Answer searchingFiles(String query, String... texts) {
		return using(new FileSearch(query, List.of(texts)));
	}

	/**
	 * Lets the model call a tool on an MCP server, after it has listed its tools.
	 * @param server label of the server
	 * @param tool name of the tool
	 * @param arguments its arguments, a JSON object
	 * @param output what the tool says
	 * @return this answer
	 */
	public Answer callingMcp(String server, String tool, String arguments, String output) {
		return using(new McpRun(server, tool, arguments, output));
	}

	/**
	 * Lets the model make an image.
	 * @param prompt what it shall show
	 * @return this answer
	 */
	public Answer makingAnImage(String prompt) {
		return using(new ImageGeneration(prompt));
	}

	/**
	 * Names sources: with markers such as {@code [[1]](https://example.com)} behind the
	 * text, where the request does not want JSON, and as citations. Markers that the text
	 * itself has are citations, too.
	 * @param urls addresses of the sources
	 * @return this answer
	 */
	public Answer citing(String... urls) {
		this.citing.addAll(List.of(urls));
		return this;
	}

	/**
	 * Sets prompt and completion tokens; reasoning tokens become 0 unless set.
	 * @param promptTokens tokens of the prompt, cached ones included
	 * @param completionTokens visible tokens of the answer
	 * @return this answer
	 */
	public Answer usage(long promptTokens, long completionTokens) {
		this.tokens.prompt = promptTokens;
		this.tokens.completion = completionTokens;
		return this;
	}

	/**
	 * Sets the tokens the model thought, which completion tokens do not contain.
	 * @param tokens number of tokens
	 * @return this answer
	 */
	public Answer reasoningTokens(long tokens) {
		this.tokens.reasoning = tokens;
		return this;
	}

	/**
	 * Sets how many tokens of the prompt came from the cache.
	 * @param tokens number of tokens
	 * @return this answer
	 */
	public Answer cachedTokens(long tokens) {
		this.tokens.cached = tokens;
		return this;
	}

	/**
	 * Sets how many tokens of the prompt are images.
	 * @param tokens number of tokens
	 * @return this answer
	 */
	public Answer imageTokens(long tokens) {
		this.tokens.image = tokens;
		return this;
	}

	/**
	 * Sets the tokens of the last turn, which a response tells beside those of all turns.
	 * @param inputTokens what the model read in it
	 * @param outputTokens what it wrote in it, reasoning included
	 * @return this answer
	 */
	public Answer contextTokens(long inputTokens, long outputTokens) {
		this.tokens.contextInput = inputTokens;
		this.tokens.contextOutput = outputTokens;
		return this;
	}

	/**
	 * Shows what the model thought: on chat completions as {@code reasoning_content}, on
	 * responses as the summary of the reasoning.
	 * @param text the thoughts
	 * @return this answer
	 */
	public Answer reasoning(String text) {
		this.reasoning = Tokens.split(text);
		return this;
	}

	/**
	 * Sets the finish reason, else {@code stop} or {@code tool_calls}. On responses
	 * {@code length} makes the answer incomplete, others show nowhere.
	 * @param reason for example {@code length}
	 * @return this answer
	 */
	public Answer finishReason(String reason) {
		this.finishReason = reason;
		return this;
	}

	/**
	 * Says that the answer is not complete: a response with this reason, a chat
	 * completion with finish reason {@code length}.
	 * @param reason {@code max_output_tokens}, {@code max_prompt_tokens} or
	 * {@code max_time_limit}
	 * @return this answer
	 */
	public Answer incomplete(String reason) {
		this.incompleteReason = reason;
		return this;
	}

	/**
	 * Says at its end that the answer failed: a response with status {@code failed}, on
	 * chat completions a flat error object instead of the finish.
	 * @param code what failed, for example {@code server_error}
	 * @param message the same in words
	 * @return this answer
	 */
	public Answer failed(String code, String message) {
		this.failure = new ErrorText(code, message);
		return this;
	}

	/**
	 * Leaves the finish out: the finish reason is null in JSON and has no event in a
	 * stream, a response stays in progress and its stream has no last event. Else both
	 * end as they should.
	 * @return this answer
	 */
	public Answer withoutFinishReason() {
		this.finishes = false;
		return this;
	}

	/**
	 * Sets the model that says it answered, and by whose prices it is billed if the
	 * server knows it.
	 * @param id id of a model
	 * @return this answer
	 */
	public Answer model(String id) {
		this.model = id;
		return this;
	}

	/**
	 * Sets the tier the answer names, else the one asked for.
	 * @param tier {@code default} or {@code priority}, the latter at twice the price
	 * @return this answer
	 */
	public Answer serviceTier(String tier) {
		this.serviceTier = tier;
		return this;
	}

	/**
	 * Sets the time between two pieces of text.
	 * @param pace time before each piece
	 * @return this answer
	 */
	public Answer pace(Duration pace) {
		this.pace = pace;
		return this;
	}

	/**
	 * Lets the model think before its first piece. A stream of chat completions shows
	 * empty deltas meanwhile, one of responses nothing.
	 * @param duration how long
	 * @return this answer
	 */
	public Answer thinkingFor(Duration duration) {
		this.thinking = duration;
		return this;
	}

	/**
	 * Keeps a stream silent in its middle.
	 * @param chunks pieces of text sent before
	 * @param silence how long
	 * @return this answer
	 */
	public Answer stallsAfter(int chunks, Duration silence) {
		this.stallAfter = chunks;
		this.stall = silence;
		return this;
	}

	/**
	 * Resets the connection in the middle: of a stream after some pieces, of JSON after
	 * half of it.
	 * @param chunks pieces of text sent before
	 * @return this answer
	 */
	public Answer breaksAfter(int chunks) {
		return endAfter(chunks, Ending.RESET);
	}

	/**
	 * Closes the connection in the middle, without the end HTTP wants.
	 * @param chunks pieces of text sent before
	 * @return this answer
	 */
	public Answer closesAfter(int chunks) {
		return endAfter(chunks, Ending.CLOSE);
	}

	/**
	 * Ends a stream cleanly in the middle: no finish reason, no usage, no {@code [DONE]},
	 * no {@code response.completed}.
	 * @param chunks pieces of text sent before
	 * @return this answer
	 */
	public Answer endsAfter(int chunks) {
		return endAfter(chunks, Ending.COMPLETE);
	}

	/**
	 * Sends an error as the last event of a stream, a flat object on chat completions and
	 * an event {@code error} on responses, or a flat object as JSON with status 200.
	 * @param chunks pieces of text sent before
	 * @param code the value of {@code code}
	 * @param error the value of {@code error}
	 * @return this answer
	 */
	public Answer failsAfter(int chunks, String code, String error) {
		this.error = new ErrorText(code, error);
		return endAfter(chunks, Ending.COMPLETE);
	}

	/**
	 * Sends the answer as a gateway would.
	 * @param quirks what the gateway changes
	 * @return this answer
	 */
	public Answer gateway(GatewayQuirk... quirks) {
		this.quirks = Set.of(quirks);
		return this;
	}

	@Override
	Outgoing compose(@Nullable Call call) {
		if (call == null) {
			throw Refusal.of(500, "internal", "An answer was scripted for a path where no model answers.");
		}
		Speech speech = speech(call);
		Rendition rendition = call.render(speech);
		List<Header> headers = call.serving().rateWindows().take(call.model(), speech.usage().totalTokens());
		long pace = ((this.pace != null) ? this.pace : call.serving().pace()).toNanos();
		if (call.request().stream()) {
			Course course = new Course(pace, this.thinking.toNanos(), this.stallAfter, this.stall.toNanos(),
					this.endAfter, this.error);
			Iterator<Step> events = KeepAlives.between(rendition.toEvents(course), this.quirks);
			return Outgoing.stream(headers, events, this.ending);
		}
		Duration duration = this.thinking.plusNanos(pace * speech.pieces().size());
		return json(rendition, speech.pieces().size(), headers, call, pace).with(List.of(), duration, Duration.ZERO);
	}

	@Override
	Answer self() {
		return this;
	}

	/**
	 * Takes back the sources named so far.
	 * @return this answer
	 */
	Answer citingNothing() {
		this.citing.clear();
		return this;
	}

	private Outgoing json(Rendition rendition, int pieces, List<Header> headers, Call call, long paceNanos) {
		if (this.error != null) {
			return Outgoing.json(200, rendition.toJson(this.error));
		}
		byte[] body = rendition.toJson();
		if (this.ending != Ending.COMPLETE) {
			Step half = new Step(0, Arrays.copyOf(body, body.length / 2));
			return new Outgoing(List.of(), 200, Outgoing.JSON, headers, Duration.ZERO, Duration.ZERO, null,
					List.of(half).iterator(), this.ending);
		}
		return Outgoing.json(200, timed(headers, call, paceNanos, pieces), body);
	}

	private List<Header> timed(List<Header> headers, Call call, long paceNanos, int tokens) {
		long toFirst = System.nanoTime() - call.serving().startedNanos() + this.thinking.toNanos();
		List<Header> all = new ArrayList<>(headers);
		all.add(new Header("x-metrics-ttft-ms", milliseconds(toFirst)));
		all.add(new Header("x-metrics-mean-itl-ms", milliseconds(paceNanos)));
		all.add(new Header("x-metrics-e2e-ms", milliseconds(toFirst + paceNanos * tokens)));
		return all;
	}

	private Speech speech(Call call) {
		ChatRequest request = call.request();
		Model answering = (this.model != null) ? call.serving().named(this.model) : call.model();
		String tier = (this.serviceTier != null) ? this.serviceTier : (request.priority() ? "priority" : "default");
		List<ServerToolUse> uses = toolUses(call);
		UnaryOperator<String> words = this.words;
		List<String> pieces = (words != null) ? Tokens.split(words.apply(request.question())) : this.pieces;
		List<String> said = (request.responseFormat() == ResponseFormat.TEXT) ? UrlCitation.mark(pieces, this.citing)
				: pieces;
		List<ToolCall> calls = List.copyOf(this.toolCalls);
		Usage usage = this.tokens.usage(call, said, this.reasoning, calls, uses.size());
		long ticks = usage.costInTicks(answering, "priority".equals(tier)) + new ToolTally(uses).feeInTicks();
		boolean whole = this.finishes && this.endAfter == NEVER && this.error == null;
		Outcome outcome = new Outcome(this.finishReason, this.incompleteReason, this.failure, this.finishes, whole);
		return new Speech(answering, tier, said, this.reasoning, calls, uses, sources(uses), outcome, usage,
				this.tokens.context(call, usage, uses.size()), ticks, this.quirks);
	}

	private List<ServerToolUse> toolUses(Call call) {
		if (call instanceof ChatCall) {
			return List.of();
		}
		for (ServerToolUse use : this.toolUses) {
			if (!call.serverTools().offers(use.tool())) {
				throw Refusal.of(500, "internal",
						"The scripted answer uses the tool " + use.tool() + ", which the request does not offer.");
			}
		}
		return List.copyOf(this.toolUses);
	}

	private List<String> sources(List<ServerToolUse> uses) {
		Set<String> sources = new LinkedHashSet<>(this.citing);
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

	/**
	 * An answer of many equal pieces.
	 * @param script where it waits
	 * @param chunks how many
	 * @return the answer
	 */
	static Answer ofChunks(Script script, int chunks) {
		List<String> words = new ArrayList<>(chunks);
		for (int i = 1; i <= chunks; i++) {
			words.add((i == 1) ? "1" : " " + i);
		}
		return new Answer(script, words);
	}

}
