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
 * What happens on the way to one answer. With tools that is several rounds with the
 * model, of which a caller sees the last one only; the journal adds them up.
 */
class Journal {

	/** Name of the parameter of the advisors that holds the journal of a request. */
	static final String PARAMETER = "sample.journal";

	private final long started = System.nanoTime();

	private final Sinks.Many<ToolEvent> news = Sinks.many().unicast().onBackpressureBuffer();

	private final Map<String, ToolEvent> tools = new HashMap<>();

	private final Set<String> scrubbed = new LinkedHashSet<>();

	private @Nullable Duration timeToFirstToken;

	private int rounds;

	private int attempts;

	private @Nullable Cost cost;

	private TokenUsage tokens = TokenUsage.NONE;

	/**
	 * Uses of tools, as they happen.
	 * @return one element for each change, until the journal is closed
	 */
	Flux<ToolEvent> toolEvents() {
		return this.news.asFlux();
	}

	synchronized void roundBegins(List<Message> messages) {
		this.rounds++;
		if (!messages.isEmpty() && messages.get(messages.size() - 1) instanceof ToolResponseMessage results) {
			for (ToolResponseMessage.ToolResponse result : results.getResponses()) {
				ToolEvent called = this.tools.get(result.id());
				if (called != null) {
					tell(called.completed(result.responseData()));
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
				.forEach((call) -> tell(new ToolEvent(call.id(), call.name(), call.arguments(), "running", null)));
		}
		ChatResponseMetadata metadata = response.getMetadata();
		if (metadata.get(ToolUse.METADATA_KEY) instanceof List<?> uses) {
			serverTools(uses);
		}
		if (metadata.containsKey("grok.requested-model")) {
			roundEnds(metadata);
		}
	}

	void close() {
		this.news.tryEmitComplete();
	}

	/**
	 * Everything that happened so far.
	 * @param last metadata of the last round
	 * @return numbers and names
	 */
	synchronized AnswerDetails details(ChatResponseMetadata last) {
		return new AnswerDetails(last.get("grok.requested-model"), last.getModel(), last.get("grok.api"),
				AnswerDetails.Tokens.of(this.tokens), AnswerDetails.Price.of(this.cost), this.rounds, this.attempts,
				millis(this.timeToFirstToken), millis(elapsed()), List.copyOf(this.scrubbed), last.get("grok.cache"),
				last.get("grok.request-id"));
	}

	private void serverTools(List<?> uses) {
		for (int i = 0; i < uses.size(); i++) {
			if (uses.get(i) instanceof ToolUse use) {
				tell(ToolEvent.of(this.rounds + "-" + i, use));
			}
		}
	}

	private void roundEnds(ChatResponseMetadata metadata) {
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

	private void tell(ToolEvent event) {
		if (!event.equals(this.tools.put(event.id(), event))) {
			this.news.tryEmitNext(event);
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
	 * A tool is used, by this application or by xAI.
	 *
	 * @param id tells the uses of one answer apart
	 * @param name the tool
	 * @param input what it is given
	 * @param status how far it is
	 * @param output what it said, {@code null} while it has not, and for tools of xAI
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
