package io.github.grokspring.sample;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.grokspring.cost.Cost;
import io.github.grokspring.cost.TokenUsage;
import io.github.grokspring.tool.ToolUse;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;

/**
 * Records one response. With tools, the model is called in several rounds, of which the
 * caller receives only the last one. Thread-safe.
 */
class ResponseRecorder {

	/**
	 * Name of the advisor parameter with the recorder of a request.
	 */
	static final String PARAMETER = "sample.recorder";

	private final long started = System.nanoTime();

	private final Sinks.Many<ToolEvent> sink = Sinks.many().unicast().onBackpressureBuffer();

	private final Map<String, ToolEvent> tools = new HashMap<>();

	private final Set<String> scrubbed = new LinkedHashSet<>();

	private @Nullable Duration timeToFirstToken;

	private int rounds;

	private int attempts;

	private @Nullable Cost cost;

	private TokenUsage tokens = TokenUsage.NONE;

	/**
	 * Returns the uses of tools while they happen.
	 * @return one element for each change, until the recorder is closed
	 */
	Flux<ToolEvent> toolEvents() {
		return this.sink.asFlux();
	}

	synchronized void roundStarted(List<Message> messages) {
		this.rounds++;
		if (!messages.isEmpty() && messages.get(messages.size() - 1) instanceof ToolResponseMessage results) {
			for (ToolResponseMessage.ToolResponse result : results.getResponses()) {
				ToolEvent called = this.tools.get(result.id());
				if (called != null) {
					publish(called.completed(result.responseData()));
				}
			}
		}
	}

	synchronized void element(ChatResponse response) {
		Generation generation = response.getResult();
		if (generation != null) {
			AssistantMessage message = generation.getOutput();
			if (this.timeToFirstToken == null && hasContent(message)) {
				this.timeToFirstToken = elapsed();
			}
			message.getToolCalls()
				.forEach((call) -> publish(new ToolEvent(call.id(), call.name(), call.arguments(), "running", null)));
		}
		ChatResponseMetadata metadata = response.getMetadata();
		if (metadata.get(ToolUse.METADATA_KEY) instanceof List<?> uses) {
			serverTools(uses);
		}
		if (metadata.containsKey("grok.requested-model")) {
			roundFinished(metadata);
		}
	}

	void close() {
		this.sink.tryEmitComplete();
	}

	/**
	 * Returns the details of all rounds.
	 * @param last metadata of the last round
	 * @return the details
	 */
	synchronized ResponseDetails details(ChatResponseMetadata last) {
		return new ResponseDetails(last.get("grok.requested-model"), last.getModel(), last.get("grok.api"),
				ResponseDetails.Tokens.of(this.tokens), ResponseDetails.Price.of(this.cost), this.rounds, this.attempts,
				millis(this.timeToFirstToken), millis(elapsed()), List.copyOf(this.scrubbed), last.get("grok.cache"),
				last.get("grok.request-id"));
	}

	private void serverTools(List<?> uses) {
		for (int i = 0; i < uses.size(); i++) {
			if (uses.get(i) instanceof ToolUse use) {
				publish(ToolEvent.of(this.rounds + "-" + i, use));
			}
		}
	}

	private void roundFinished(ChatResponseMetadata metadata) {
		this.attempts += (metadata.get("grok.attempts") instanceof Number number) ? number.intValue() : 1;
		if (metadata.get("grok.scrubbed") instanceof List<?> names) {
			names.forEach((name) -> this.scrubbed.add(String.valueOf(name)));
		}
		if (metadata.get("grok.tokens") instanceof TokenUsage more) {
			this.tokens = sum(this.tokens, more);
		}
		if (metadata.get("grok.cost") instanceof Cost more) {
			Cost before = this.cost;
			this.cost = (before != null) ? new Cost(before.ticks() + more.ticks(), more.source(), -1) : more;
		}
	}

	private void publish(ToolEvent event) {
		if (!event.equals(this.tools.put(event.id(), event))) {
			this.sink.tryEmitNext(event);
		}
	}

	private Duration elapsed() {
		return Duration.ofNanos(System.nanoTime() - this.started);
	}

	private static boolean hasContent(AssistantMessage message) {
		String text = message.getText();
		return (text != null && !text.isEmpty()) || message.getMetadata().containsKey("reasoning-delta");
	}

	private static @Nullable Long millis(@Nullable Duration duration) {
		return (duration != null) ? duration.toMillis() : null;
	}

	private static TokenUsage sum(TokenUsage first, TokenUsage second) {
		Map<String, Long> calls = new HashMap<>(first.serverToolCalls());
		second.serverToolCalls().forEach((tool, count) -> calls.merge(tool, count, Long::sum));
		return new TokenUsage(first.input() + second.input(), first.cachedInput() + second.cachedInput(),
				first.imageInput() + second.imageInput(), first.output() + second.output(),
				first.reasoning() + second.reasoning(), calls, first.estimated() || second.estimated());
	}

	/**
	 * A use of a tool, by this application or by xAI.
	 *
	 * @param id unique ID within the response
	 * @param name name of the tool
	 * @param input input of the tool
	 * @param status status of the use
	 * @param output output of the tool, {@code null} while it runs and for server-side
	 * tools
	 */
	record ToolEvent(String id, String name, @Nullable String input, String status, @Nullable String output) {

		static ToolEvent of(String id, ToolUse use) {
			String input = (use.query() != null) ? use.query() : (use.url() != null) ? use.url() : use.code();
			boolean named = use.name() != null && !use.name().equals(use.type());
			return new ToolEvent(id, named ? use.type() + ": " + use.name() : use.type(), input,
					(use.status() != null) ? use.status() : "running", null);
		}

		ToolEvent completed(String output) {
			return new ToolEvent(this.id, this.name, this.input, "completed", output);
		}

	}

}
