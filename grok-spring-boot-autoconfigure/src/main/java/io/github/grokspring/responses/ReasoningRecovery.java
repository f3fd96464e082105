package io.github.grokspring.responses;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.ChatResponses;
import io.github.grokspring.chain.Digests;
import io.github.grokspring.chain.ForwardingChatModel;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.chain.ReasoningItems;
import io.github.grokspring.chain.WarnOnce;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import reactor.core.publisher.Flux;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * Leaves encrypted reasoning out of requests once xAI could not decrypt it, which happens
 * when the key, the team or the model changes under a conversation. The failure becomes
 * worth a retry at once; whether the request is sent again is left to the stage that
 * retries. Of the items only digests are remembered. Safe for use by several threads.
 */
final class ReasoningRecovery extends ForwardingChatModel {

	static final String DROPPED = "grok.reasoning-dropped";

	private static final Log logger = LogFactory.getLog(ReasoningRecovery.class);

	private static final int MAX_DIGESTS = 4096;

	private final ModelCatalog catalog;

	private final Set<String> refused = new LinkedHashSet<>();

	private final WarnOnce warnings = new WarnOnce();

	private volatile boolean refusedAny;

	ReasoningRecovery(ChatModel delegate, ModelCatalog catalog) {
		super(delegate);
		this.catalog = catalog;
	}

	@Override
	public ChatResponse call(Prompt prompt) {
		Sendable sendable = sendable(prompt);
		try {
			return sendable.report(delegate().call(sendable.prompt()));
		}
		catch (GrokApiException ex) {
			throw recover(ex, sendable.prompt());
		}
	}

	@Override
	public Flux<ChatResponse> stream(Prompt prompt) {
		return Flux.defer(() -> {
			Sendable sendable = sendable(prompt);
			Flux<ChatResponse> elements = delegate().stream(sendable.prompt())
				.onErrorMap(GrokApiException.class, (ex) -> recover(ex, sendable.prompt()));
			return (sendable.dropped() == 0) ? elements
					: elements.map((element) -> ChatResponses.isLast(element) ? sendable.report(element) : element);
		});
	}

	private Sendable sendable(Prompt prompt) {
		if (!this.refusedAny || !(prompt.getOptions() instanceof GrokChatOptions options)) {
			return new Sendable(prompt, 0);
		}
		int dropped = 0;
		int turn = ReasoningItems.turnStart(prompt.getInstructions());
		List<Message> messages = new ArrayList<>(prompt.getInstructions());
		for (int i = 0; i < messages.size(); i++) {
			if (messages.get(i) instanceof AssistantMessage message) {
				List<String> items = encrypted(message, i > turn, options);
				if (isRefused(items)) {
					dropped += items.size();
					messages.set(i, withoutItems(message));
				}
			}
		}
		return (dropped > 0) ? new Sendable(new Prompt(messages, options), dropped) : new Sendable(prompt, 0);
	}

	private List<String> encrypted(AssistantMessage message, boolean thisTurn, GrokChatOptions options) {
		return ReasoningItems.of(message, thisTurn, options, this.catalog)
			.stream()
			.filter(ReasoningItems::isEncrypted)
			.toList();
	}

	private boolean isRefused(List<String> items) {
		for (String item : items) {
			String digest = digest(item);
			synchronized (this.refused) {
				if (this.refused.contains(digest)) {
					return true;
				}
			}
		}
		return false;
	}

	// What xAI did at the same time belongs to its reasoning, so it stays out with it
	private static AssistantMessage withoutItems(AssistantMessage message) {
		Map<String, Object> metadata = new HashMap<>(message.getMetadata());
		metadata.remove(ReasoningItems.ITEMS);
		metadata.remove(ReasoningItems.MODELS);
		return AssistantMessage.builder()
			.content(message.getText())
			.properties(metadata)
			.toolCalls(message.getToolCalls())
			.media(message.getMedia())
			.build();
	}

	private GrokApiException recover(GrokApiException failure, Prompt sent) {
		if (failure.kind() != ErrorKind.UNDECRYPTABLE_REASONING
				|| !(sent.getOptions() instanceof GrokChatOptions options)) {
			return failure;
		}
		Set<String> digests = new LinkedHashSet<>();
		int turn = ReasoningItems.turnStart(sent.getInstructions());
		for (int i = 0; i < sent.getInstructions().size(); i++) {
			if (sent.getInstructions().get(i) instanceof AssistantMessage message) {
				encrypted(message, i > turn, options).forEach((item) -> digests.add(digest(item)));
			}
		}
		if (digests.isEmpty()) {
			return failure;
		}
		remember(digests);
		if (this.warnings.isFirst("undecryptable")) {
			logger.warn("xAI could not decrypt the reasoning that a conversation holds, so the conversation continues "
					+ "without it. This happens when the API key, the team or the model has changed. "
					+ "Further conversations that this happens to are not logged.");
		}
		return failure.mutate(failure.getMessage() + " It is left out from now on.")
			.retryable(true)
			.retryAfter(Duration.ZERO)
			.cause(failure)
			.build();
	}

	private void remember(Set<String> digests) {
		synchronized (this.refused) {
			this.refused.addAll(digests);
			Iterator<String> oldest = this.refused.iterator();
			while (this.refused.size() > MAX_DIGESTS) {
				oldest.next();
				oldest.remove();
			}
		}
		this.refusedAny = true;
	}

	private static String digest(String item) {
		byte[] digest = Digests.sha256().digest(item.getBytes(StandardCharsets.UTF_8));
		return HexFormat.of().formatHex(digest, 0, 16);
	}

	/**
	 * A prompt as it is sent.
	 *
	 * @param prompt the prompt
	 * @param dropped how many items were left out of it
	 */
	private record Sendable(Prompt prompt, int dropped) {

		ChatResponse report(ChatResponse response) {
			return (this.dropped > 0) ? ChatResponses.with(response, DROPPED, this.dropped) : response;
		}

	}

}
