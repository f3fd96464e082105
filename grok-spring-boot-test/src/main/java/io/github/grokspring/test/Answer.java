package io.github.grokspring.test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.grokspring.test.ChatRequest.ToolCall;
import io.github.grokspring.test.ChunkSequence.Course;
import io.github.grokspring.test.Outgoing.Ending;
import io.github.grokspring.test.Outgoing.Header;
import io.github.grokspring.test.Outgoing.Step;
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

	private final List<ToolCall> toolCalls = new CopyOnWriteArrayList<>();

	private volatile List<String> reasoning = List.of();

	private volatile long promptTokens = NEVER;

	private volatile long completionTokens = NEVER;

	private volatile long reasoningTokens = NEVER;

	private volatile long cachedTokens;

	private volatile long imageTokens = NEVER;

	private volatile @Nullable String finishReason;

	private volatile boolean finishes = true;

	private volatile @Nullable String model;

	private volatile @Nullable String serviceTier;

	private volatile @Nullable Duration pace;

	private volatile Duration thinking = Duration.ZERO;

	private volatile int stallAfter = NEVER;

	private volatile Duration stall = Duration.ZERO;

	private volatile int endAfter = NEVER;

	private volatile byte @Nullable [] error;

	private volatile Ending ending = Ending.COMPLETE;

	Answer(Script script, List<String> pieces) {
		super(script);
		this.pieces = List.copyOf(pieces);
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
	 * Sets prompt and completion tokens; reasoning tokens become 0 unless set.
	 * @param promptTokens tokens of the prompt, cached ones included
	 * @param completionTokens visible tokens of the answer
	 * @return this answer
	 */
	public Answer usage(long promptTokens, long completionTokens) {
		this.promptTokens = promptTokens;
		this.completionTokens = completionTokens;
		return this;
	}

	/**
	 * Sets the tokens the model thought, which completion tokens do not contain.
	 * @param tokens number of tokens
	 * @return this answer
	 */
	public Answer reasoningTokens(long tokens) {
		this.reasoningTokens = tokens;
		return this;
	}

	/**
	 * Sets how many tokens of the prompt came from the cache.
	 * @param tokens number of tokens
	 * @return this answer
	 */
	public Answer cachedTokens(long tokens) {
		this.cachedTokens = tokens;
		return this;
	}

	/**
	 * Sets how many tokens of the prompt are images.
	 * @param tokens number of tokens
	 * @return this answer
	 */
	public Answer imageTokens(long tokens) {
		this.imageTokens = tokens;
		return this;
	}

	/**
	 * Shows what the model thought, as {@code reasoning_content}.
	 * @param text the thoughts
	 * @return this answer
	 */
	public Answer reasoning(String text) {
		this.reasoning = Tokens.split(text);
		return this;
	}

	/**
	 * Sets the finish reason, else {@code stop} or {@code tool_calls}.
	 * @param reason for example {@code length}
	 * @return this answer
	 */
	public Answer finishReason(String reason) {
		this.finishReason = reason;
		return this;
	}

	/**
	 * Leaves the finish reason out: null in JSON, no such event in a stream, which else
	 * ends as it should.
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
	 * Lets the model think before its first piece: a stream shows empty deltas meanwhile.
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
	 * Ends a stream cleanly in the middle: no finish reason, no usage, no {@code [DONE]}.
	 * @param chunks pieces of text sent before
	 * @return this answer
	 */
	public Answer endsAfter(int chunks) {
		return endAfter(chunks, Ending.COMPLETE);
	}

	/**
	 * Sends a flat error object as the last event of a stream, or as JSON with status
	 * 200.
	 * @param chunks pieces of text sent before
	 * @param code the value of {@code code}
	 * @param error the value of {@code error}
	 * @return this answer
	 */
	public Answer failsAfter(int chunks, String code, String error) {
		this.error = Refusal.body(code, error);
		return endAfter(chunks, Ending.COMPLETE);
	}

	@Override
	Outgoing compose(@Nullable ChatCall call) {
		if (call == null) {
			throw Refusal.of(500, "internal", "An answer was scripted for a path that is not chat completions.");
		}
		Completion completion = completion(call);
		List<Header> headers = call.rateWindows().take(call.model(), completion.usage().totalTokens());
		long pace = ((this.pace != null) ? this.pace : call.pace()).toNanos();
		if (call.request().stream()) {
			byte[] last = (this.error != null) ? ChunkWriter.data(this.error) : null;
			Course course = new Course(pace, this.thinking.toNanos(), this.stallAfter, this.stall.toNanos(),
					this.endAfter, last);
			return Outgoing.stream(headers, new ChunkSequence(completion, call.request().includeUsage(), course),
					this.ending);
		}
		Duration duration = this.thinking.plusNanos(pace * completion.pieces().size());
		return json(completion, headers, call, pace).with(List.of(), duration, Duration.ZERO);
	}

	@Override
	Answer self() {
		return this;
	}

	private Outgoing json(Completion completion, List<Header> headers, ChatCall call, long paceNanos) {
		if (this.error != null) {
			return Outgoing.json(200, this.error);
		}
		byte[] body = completion.toJson();
		if (this.ending != Ending.COMPLETE) {
			Step half = new Step(0, Arrays.copyOf(body, body.length / 2));
			return new Outgoing(200, Outgoing.JSON, headers, Duration.ZERO, Duration.ZERO, null,
					List.of(half).iterator(), this.ending);
		}
		return Outgoing.json(200, timed(headers, call, paceNanos, completion.pieces().size()), body);
	}

	private List<Header> timed(List<Header> headers, ChatCall call, long paceNanos, int tokens) {
		long toFirst = System.nanoTime() - call.startedNanos() + this.thinking.toNanos();
		List<Header> all = new ArrayList<>(headers);
		all.add(new Header("x-metrics-ttft-ms", milliseconds(toFirst)));
		all.add(new Header("x-metrics-mean-itl-ms", milliseconds(paceNanos)));
		all.add(new Header("x-metrics-e2e-ms", milliseconds(toFirst + paceNanos * tokens)));
		return all;
	}

	private Completion completion(ChatCall call) {
		ChatRequest request = call.request();
		Model answering = (this.model != null) ? answering(call, this.model) : call.model();
		String tier = (this.serviceTier != null) ? this.serviceTier : (request.priority() ? "priority" : "default");
		Usage usage = usage(call);
		List<ToolCall> calls = List.copyOf(this.toolCalls);
		String reason = (this.finishReason != null) ? this.finishReason : (calls.isEmpty() ? "stop" : "tool_calls");
		return new Completion(Completion.newId(), System.currentTimeMillis() / 1000, answering.id(),
				answering.fingerprint(), tier, this.pieces, this.reasoning, calls, this.finishes ? reason : null, usage,
				usage.costInTicks(answering, "priority".equals(tier)));
	}

	private static Model answering(ChatCall call, String id) {
		return call.models()
			.served()
			.stream()
			.filter((model) -> model.id().equals(id))
			.findFirst()
			.orElseGet(() -> call.model().named(id));
	}

	private Usage usage(ChatCall call) {
		boolean counted = this.completionTokens != NEVER;
		long prompt = (this.promptTokens != NEVER) ? this.promptTokens : call.request().promptTokens();
		long image = (this.imageTokens != NEVER) ? this.imageTokens : (counted ? 0 : call.request().imageTokens());
		long completion = this.completionTokens;
		if (!counted) {
			completion = this.pieces.size();
			for (ToolCall toolCall : this.toolCalls) {
				completion += 1 + Tokens.estimate(toolCall.arguments().length());
			}
		}
		long thought = this.reasoningTokens;
		if (thought == NEVER) {
			thought = counted ? 0 : thoughtTokens(call);
		}
		return new Usage(prompt, this.cachedTokens, image, completion, thought);
	}

	private long thoughtTokens(ChatCall call) {
		if (!this.reasoning.isEmpty()) {
			return this.reasoning.size();
		}
		if (!call.model().reasoning()) {
			return 0;
		}
		String effort = call.effort();
		if (effort == null) {
			return 16;
		}
		return switch (effort) {
			case "none" -> 0;
			case "low" -> 8;
			case "medium" -> 16;
			case "high" -> 32;
			default -> 64;
		};
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
