package io.github.grokspring.context;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

import io.github.grokspring.token.PromptTokenEstimator;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.memory.ChatMemoryRepository;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.MessageType;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.util.Assert;

/**
 * The one {@link TokenWindowChatMemory}. Whoever changes a conversation reads and writes
 * it under a lock; nobody calls a model under it. A summary is put in the place of what
 * it stands for only if that is still there.
 */
final class DefaultTokenWindowChatMemory implements TokenWindowChatMemory {

	private static final Log logger = LogFactory.getLog(TokenWindowChatMemory.class);

	/** Conversations share locks, so that none is left behind by those that ended. */
	private static final int LOCKS = 64;

	/** How much more than its limit a conversation may wait for a summary with. */
	private static final int BACKLOG = 4;

	/** Which part of the limit is for the summary. */
	private static final int SUMMARY = 4;

	private final ChatMemoryRepository repository;

	private final long maxTokens;

	private final PromptTokenEstimator tokens;

	private final @Nullable ChatModel summarizer;

	private final Executor executor;

	private final Lock[] locks = new Lock[LOCKS];

	private final Set<String> summarizing = ConcurrentHashMap.newKeySet();

	DefaultTokenWindowChatMemory(Builder builder) {
		this.repository = builder.repository;
		this.maxTokens = builder.maxTokens;
		this.tokens = builder.tokens;
		this.summarizer = builder.summarizer;
		this.executor = builder.executor;
		for (int i = 0; i < LOCKS; i++) {
			this.locks[i] = new ReentrantLock();
		}
	}

	@Override
	public List<Message> get(String conversationId) {
		Assert.hasText(conversationId, "'conversationId' must not be empty");
		return cut(this.repository.findByConversationId(conversationId), this.maxTokens).kept();
	}

	@Override
	public void add(String conversationId, List<Message> messages) {
		Assert.hasText(conversationId, "'conversationId' must not be empty");
		Objects.requireNonNull(messages, "'messages' must not be null");
		if (messages.isEmpty()) {
			return;
		}
		if (remember(conversationId, messages) && this.summarizing.add(conversationId)) {
			try {
				this.executor.execute(() -> summarize(conversationId));
			}
			catch (Throwable ex) {
				this.summarizing.remove(conversationId);
				logger.warn("What a conversation has no room for is not summarized yet, because of its executor: "
						+ ex.getClass().getName());
			}
		}
	}

	@Override
	public void clear(String conversationId) {
		Assert.hasText(conversationId, "'conversationId' must not be empty");
		Lock lock = lock(conversationId);
		lock.lock();
		try {
			this.repository.deleteByConversationId(conversationId);
		}
		finally {
			lock.unlock();
		}
	}

	/**
	 * Add messages.
	 * @return whether there is something to be summarized
	 */
	private boolean remember(String conversationId, List<Message> messages) {
		Lock lock = lock(conversationId);
		lock.lock();
		try {
			List<Message> all = joined(this.repository.findByConversationId(conversationId), messages);
			long room = (this.summarizer != null) ? this.maxTokens * BACKLOG : this.maxTokens;
			List<Message> kept = cut(all, room).kept();
			this.repository.saveAll(conversationId, kept);
			return this.summarizer != null && !cut(kept, this.maxTokens).dropped().isEmpty();
		}
		finally {
			lock.unlock();
		}
	}

	/**
	 * A system message takes the place of those before it.
	 */
	private static List<Message> joined(List<Message> before, List<Message> more) {
		boolean replaced = more.stream().anyMatch((message) -> message.getMessageType() == MessageType.SYSTEM);
		List<Message> all = new ArrayList<>(before.size() + more.size());
		for (Message message : before) {
			if (!replaced || message.getMessageType() != MessageType.SYSTEM) {
				all.add(message);
			}
		}
		all.addAll(more);
		return all;
	}

	private ConversationTrimmer.Cut cut(List<Message> messages, long room) {
		long excess = messages.isEmpty() ? 0 : count(messages) - room;
		Message summary = ConversationSummarizer.in(messages);
		if (summary == null) {
			return ConversationTrimmer.cut(messages, excess, this::count);
		}
		ConversationTrimmer.Cut turns = ConversationTrimmer.cut(messages.subList(1, messages.size()), excess,
				this::count);
		List<Message> kept = new ArrayList<>(turns.kept().size() + 1);
		kept.add(summary);
		kept.addAll(turns.kept());
		return new ConversationTrimmer.Cut(kept, turns.dropped(), turns.gone(), turns.enough());
	}

	private long count(List<Message> messages) {
		return this.tokens.estimate(new Prompt(messages));
	}

	private void summarize(String conversationId) {
		try {
			List<Message> seen = this.repository.findByConversationId(conversationId);
			// More than has to, so that not every message that follows has to be paid for
			List<Message> leaving = cut(seen, this.maxTokens - this.maxTokens / SUMMARY).dropped();
			if (this.summarizer == null || leaving.isEmpty()) {
				return;
			}
			Message before = ConversationSummarizer.in(seen);
			Message summary = ConversationSummarizer.summarize(this.summarizer, before, leaving,
					this.maxTokens / SUMMARY, this::count);
			if (summary != null) {
				replace(conversationId, before, leaving, summary);
			}
		}
		catch (Throwable ex) {
			logger.warn("What a conversation has no room for could not be summarized, and is kept until it can: "
					+ ex.getClass().getName());
		}
		finally {
			this.summarizing.remove(conversationId);
		}
	}

	private void replace(String conversationId, @Nullable Message before, List<Message> leaving, Message summary) {
		Lock lock = lock(conversationId);
		lock.lock();
		try {
			List<Message> now = new ArrayList<>(this.repository.findByConversationId(conversationId));
			Message known = ConversationSummarizer.in(now);
			if (known != null) {
				now.remove(0);
			}
			List<Message> turns = now.stream()
				.filter((message) -> message.getMessageType() != MessageType.SYSTEM)
				.limit(leaving.size())
				.toList();
			if (!sameAs(before, known) || !same(turns, leaving)) {
				return;
			}
			Set<Message> gone = Collections.newSetFromMap(new IdentityHashMap<>());
			gone.addAll(turns);
			List<Message> kept = new ArrayList<>(now.size());
			kept.add(summary);
			now.stream().filter((message) -> !gone.contains(message)).forEach(kept::add);
			this.repository.saveAll(conversationId, kept);
		}
		finally {
			lock.unlock();
		}
	}

	private static boolean same(List<Message> some, List<Message> others) {
		if (some.size() != others.size()) {
			return false;
		}
		for (int i = 0; i < some.size(); i++) {
			if (!sameAs(some.get(i), others.get(i))) {
				return false;
			}
		}
		return true;
	}

	// Not by equals, because repositories may add to the metadata of what they read
	private static boolean sameAs(@Nullable Message one, @Nullable Message other) {
		if (one == null || other == null) {
			return one == other;
		}
		return one.getMessageType() == other.getMessageType() && Objects.equals(one.getText(), other.getText());
	}

	private Lock lock(String conversationId) {
		return this.locks[Math.floorMod(conversationId.hashCode(), LOCKS)];
	}

}
