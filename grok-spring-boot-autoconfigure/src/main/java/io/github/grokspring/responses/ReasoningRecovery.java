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
 * Removes encrypted reasoning that xAI could not decrypt, for example because the API
 * key, the team or the model changed during a conversation.
 * <p>
 * The failure becomes immediately retryable; the retry stage decides whether to send the
 * request again. Only digests of the items are stored. Thread-safe.
 */
final class ReasoningRecovery extends ForwardingChatModel {

	static final String DROPPED = "grok.reasoning-dropped";

	private static final Log logger = LogFactory.getLog(ReasoningRecovery.class);

	private static final int MAX_DIGESTS = 4096;

	private final ModelCatalog catalog;

	private final Set<String> undecryptable = new LinkedHashSet<>();

	private final WarnOnce warnings = new WarnOnce();

	private volatile boolean hasUndecryptable;

	ReasoningRecovery(ChatModel delegate, ModelCatalog catalog) {
		super(delegate);
		this.catalog = catalog;
	}

	@Override
	public ChatResponse call(Prompt prompt) {
		PreparedPrompt prepared = prepare(prompt);
		try {
			return prepared.addMetadata(delegate().call(prepared.prompt()));
		}
		catch (GrokApiException ex) {
			throw recover(ex, prepared.prompt());
		}
	}

	@Override
	public Flux<ChatResponse> stream(Prompt prompt) {
		return Flux.defer(() -> {
			PreparedPrompt prepared = prepare(prompt);
			Flux<ChatResponse> elements = delegate().stream(prepared.prompt())
				.onErrorMap(GrokApiException.class, (ex) -> recover(ex, prepared.prompt()));
			return (prepared.dropped() == 0) ? elements : elements
				.map((element) -> ChatResponses.isLast(element) ? prepared.addMetadata(element) : element);
		});
	}

	private PreparedPrompt prepare(Prompt prompt) {
		if (!this.hasUndecryptable || !(prompt.getOptions() instanceof GrokChatOptions options)) {
			return new PreparedPrompt(prompt, 0);
		}
		int dropped = 0;
		int turnStart = ReasoningItems.turnStart(prompt.getInstructions());
		List<Message> messages = new ArrayList<>(prompt.getInstructions());
		for (int i = 0; i < messages.size(); i++) {
			if (messages.get(i) instanceof AssistantMessage message) {
				List<String> items = encryptedItems(message, i > turnStart, options);
				if (isUndecryptable(items)) {
					dropped += items.size();
					messages.set(i, withoutItems(message));
				}
			}
		}
		return (dropped > 0) ? new PreparedPrompt(new Prompt(messages, options), dropped)
				: new PreparedPrompt(prompt, 0);
	}

	private List<String> encryptedItems(AssistantMessage message, boolean currentTurn, GrokChatOptions options) {
		return ReasoningItems.entriesFor(message, currentTurn, options, this.catalog)
			.stream()
			.filter(ReasoningItems::isEncrypted)
			.toList();
	}

	private boolean isUndecryptable(List<String> items) {
		for (String item : items) {
			String digest = digest(item);
			synchronized (this.undecryptable) {
				if (this.undecryptable.contains(digest)) {
					return true;
				}
			}
		}
		return false;
	}

	// Uses of server-side tools belong to the reasoning and are removed with it
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
		int turnStart = ReasoningItems.turnStart(sent.getInstructions());
		for (int i = 0; i < sent.getInstructions().size(); i++) {
			if (sent.getInstructions().get(i) instanceof AssistantMessage message) {
				encryptedItems(message, i > turnStart, options).forEach((item) -> digests.add(digest(item)));
			}
		}
		if (digests.isEmpty()) {
			return failure;
		}
		remember(digests);
		if (this.warnings.isFirst("undecryptable")) {
			logger.warn("xAI could not decrypt the reasoning of a conversation, which continues without it. "
					+ "The API key, the team or the model may have changed. Further occurrences are not logged.");
		}
		return failure.mutate(failure.getMessage() + " It is omitted from now on.")
			.retryable(true)
			.retryAfter(Duration.ZERO)
			.cause(failure)
			.build();
	}

	private void remember(Set<String> digests) {
		synchronized (this.undecryptable) {
			this.undecryptable.addAll(digests);
			Iterator<String> oldest = this.undecryptable.iterator();
			while (this.undecryptable.size() > MAX_DIGESTS) {
				oldest.next();
				oldest.remove();
			}
		}
		this.hasUndecryptable = true;
	}

	private static String digest(String item) {
		byte[] digest = Digests.sha256().digest(item.getBytes(StandardCharsets.UTF_8));
		return HexFormat.of().formatHex(digest, 0, 16);
	}

	private record PreparedPrompt(Prompt prompt, int dropped) {

		ChatResponse addMetadata(ChatResponse response) {
			return (this.dropped > 0) ? ChatResponses.with(response, DROPPED, this.dropped) : response;
		}

	}

}
