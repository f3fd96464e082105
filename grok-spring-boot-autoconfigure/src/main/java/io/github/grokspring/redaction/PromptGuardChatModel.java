package io.github.grokspring.redaction;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.github.grokspring.chain.ChatModelDecorator;
import io.github.grokspring.chain.ForwardingChatModel;
import io.github.grokspring.chain.Position;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.SystemMessage;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.util.StringUtils;

/**
 * {@link ChatModel} decorator that fences the user messages of every prompt and adds the
 * rule of the guard to its system message. A user message that an advisor has already
 * fenced with {@link #fence(Prompt, PromptGuard)} is left unchanged, because the
 * application added the surrounding text. Thread-safe.
 *
 * @since 0.1.0
 */
public final class PromptGuardChatModel extends ForwardingChatModel {

	/** Metadata key for the fence of a user message. */
	private static final String FENCE = "grok.prompt-guard.fence";

	private final PromptGuard guard;

	private PromptGuardChatModel(ChatModel delegate, PromptGuard guard) {
		super(delegate);
		this.guard = guard;
	}

	/**
	 * Creates a decorator that fences user messages.
	 * @param guard the guard
	 * @return the decorator, at {@link Position#PROMPT_GUARD}
	 */
	public static ChatModelDecorator decorator(PromptGuard guard) {
		Objects.requireNonNull(guard, "'guard' must not be null");
		return ChatModelDecorator.of(Position.PROMPT_GUARD,
				(client, delegate) -> new PromptGuardChatModel(delegate, guard));
	}

	/**
	 * Fences the user messages of a prompt and marks them as fenced, so that instructions
	 * that an advisor adds later stay outside of the fence.
	 * @param prompt the prompt
	 * @param guard the guard, which must be the one of the decorator
	 * @return the prompt with fenced user messages
	 */
	public static Prompt fence(Prompt prompt, PromptGuard guard) {
		List<Message> messages = new ArrayList<>(prompt.getInstructions().size());
		for (Message message : prompt.getInstructions()) {
			messages.add((message instanceof UserMessage user && StringUtils.hasText(user.getText())
					&& !isFenced(user, guard)) ? withFence(user, guard.fence(user.getText())) : message);
		}
		return prompt.mutate().messages(messages).build();
	}

	private static UserMessage withFence(UserMessage user, String fence) {
		Map<String, Object> metadata = new HashMap<>(user.getMetadata());
		metadata.put(FENCE, fence);
		return user.mutate().text(fence).metadata(metadata).build();
	}

	// The mark alone is not sufficient: the text may have been replaced, and metadata is
	// not trusted
	private static boolean isFenced(UserMessage user, PromptGuard guard) {
		String text = user.getText();
		return text != null && user.getMetadata().get(FENCE) instanceof String fence && !fence.isEmpty()
				&& text.contains(fence) && guard.fence(fence).equals(fence);
	}

	@Override
	public ChatResponse call(Prompt prompt) {
		return super.call(guard(prompt));
	}

	@Override
	public Flux<ChatResponse> stream(Prompt prompt) {
		return Flux.defer(() -> super.stream(guard(prompt)));
	}

	private Prompt guard(Prompt prompt) {
		List<Message> messages = new ArrayList<>(prompt.getInstructions().size() + 1);
		boolean ruleAdded = false;
		for (Message message : prompt.getInstructions()) {
			if (message instanceof UserMessage user && StringUtils.hasText(user.getText())) {
				messages.add(guard(user, user.getText()));
			}
			else if (message instanceof SystemMessage system && !ruleAdded) {
				messages.add(system.mutate().text(withRule(system.getText())).build());
				ruleAdded = true;
			}
			else {
				messages.add(message);
			}
		}
		if (!ruleAdded) {
			messages.add(0, new SystemMessage(this.guard.rule()));
		}
		return new Prompt(messages, prompt.getOptions());
	}

	private UserMessage guard(UserMessage user, String original) {
		String text = isFenced(user, this.guard) ? original : this.guard.fence(original);
		if (!user.getMetadata().containsKey(FENCE)) {
			return user.mutate().text(text).build();
		}
		// The mark is a copy of the text that redaction would not see
		Map<String, Object> metadata = new HashMap<>(user.getMetadata());
		metadata.remove(FENCE);
		return user.mutate().text(text).metadata(metadata).build();
	}

	private String withRule(@Nullable String text) {
		if (text == null || text.isBlank()) {
			return this.guard.rule();
		}
		return text.contains(this.guard.rule()) ? text : text + "\n\n" + this.guard.rule();
	}

}
