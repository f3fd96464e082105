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
 * Default {@link TokenWindowChatMemory}. Conversations are read and written under a lock,
 * which is never held while a model is called. A summary replaces messages only if they
 * are still present.
 */
final class DefaultTokenWindowChatMemory implements TokenWindowChatMemory {

	private static final Log logger = LogFactory.getLog(TokenWindowChatMemory.class);

	/**
	 * Conversations share locks, so that locks of ended conversations need no cleanup.
	 */
	private static final int LOCK_COUNT = 64;

	/**
	 * Maximum size of a conversation that awaits a summary, as a multiple of its limit.
	 */
	private static final int BACKLOG_FACTOR = 4;

	/** One in this many tokens of the limit is reserved for the summary. */
	private static final int SUMMARY_SHARE = 4;

	private final ChatMemoryRepository repository;

	private final long maxTokens;

	private final PromptTokenEstimator tokens;

	private final @Nullable ChatModel summarizer;

	private final Executor executor;

	private final Lock[] locks = new Lock[LOCK_COUNT];

	private final Set<String> summarizing = ConcurrentHashMap.newKeySet();

	DefaultTokenWindowChatMemory(Builder builder) {
		this.repository = builder.repository;
		this.maxTokens = builder.maxTokens;
		this.tokens = builder.tokens;
		this.summarizer = builder.summarizer;
		this.executor = builder.executor;
		for (int i = 0; i < LOCK_COUNT; i++) {
			this.locks[i] = new ReentrantLock();
		}
	}

	@Override
	public List<Message> get(String conversationId) {
		Assert.hasText(conversationId, "'conversationId' must not be empty");
		return trim(this.repository.findByConversationId(conversationId), this.maxTokens).kept();
	}

	@Override
	public void add(String conversationId, List<Message> messages) {
		Assert.hasText(conversationId, "'conversationId' must not be empty");
		Objects.requireNonNull(messages, "'messages' must not be null");
		if (messages.isEmpty()) {
			return;
		}
		if (store(conversationId, messages) && this.summarizing.add(conversationId)) {
			try {
				this.executor.execute(() -> summarize(conversationId));
			}
			catch (Throwable ex) {
				this.summarizing.remove(conversationId);
				logger.warn(
						"Removed turns are not summarized yet because the executor failed: " + ex.getClass().getName());
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
	 * Stores messages.
	 */
	private boolean store(String conversationId, List<Message> messages) {
		Lock lock = lock(conversationId);
		lock.lock();
		try {
			List<Message> all = merge(this.repository.findByConversationId(conversationId), messages);
			long room = (this.summarizer != null) ? this.maxTokens * BACKLOG_FACTOR : this.maxTokens;
			List<Message> kept = trim(all, room).kept();
			this.repository.saveAll(conversationId, kept);
			return this.summarizer != null && !trim(kept, this.maxTokens).dropped().isEmpty();
		}
		finally {
			lock.unlock();
		}
	}

	private static List<Message> merge(List<Message> existing, List<Message> added) {
		boolean replaced = added.stream().anyMatch((message) -> message.getMessageType() == MessageType.SYSTEM);
		List<Message> all = new ArrayList<>(existing.size() + added.size());
		for (Message message : existing) {
			if (!replaced || message.getMessageType() != MessageType.SYSTEM) {
				all.add(message);
			}
		}
		all.addAll(added);
		return all;
	}

	private ConversationTrimmer.Result trim(List<Message> messages, long room) {
		long excess = messages.isEmpty() ? 0 : count(messages) - room;
		Message summary = ConversationSummarizer.find(messages);
		if (summary == null) {
			return ConversationTrimmer.trim(messages, excess, this::count);
		}
		ConversationTrimmer.Result turns = ConversationTrimmer.trim(messages.subList(1, messages.size()), excess,
				this::count);
		List<Message> kept = new ArrayList<>(turns.kept().size() + 1);
		kept.add(summary);
		kept.addAll(turns.kept());
		return new ConversationTrimmer.Result(kept, turns.dropped(), turns.removedTokens(), turns.sufficient());
	}

	private long count(List<Message> messages) {
		return this.tokens.estimate(new Prompt(messages));
	}

	private void summarize(String conversationId) {
		try {
			List<Message> current = this.repository.findByConversationId(conversationId);
			// Summarizes more than necessary, so that not every message causes a call
			List<Message> dropped = trim(current, this.maxTokens - this.maxTokens / SUMMARY_SHARE).dropped();
			if (this.summarizer == null || dropped.isEmpty()) {
				return;
			}
			Message previous = ConversationSummarizer.find(current);
			Message summary = ConversationSummarizer.summarize(this.summarizer, previous, dropped,
					this.maxTokens / SUMMARY_SHARE, this::count);
			if (summary != null) {
				replace(conversationId, previous, dropped, summary);
			}
		}
		catch (Throwable ex) {
			logger.warn("Removed turns could not be summarized and are retained until the next attempt: "
					+ ex.getClass().getName());
		}
		finally {
			this.summarizing.remove(conversationId);
		}
	}

	private void replace(String conversationId, @Nullable Message previous, List<Message> dropped, Message summary) {
		Lock lock = lock(conversationId);
		lock.lock();
		try {
			List<Message> now = new ArrayList<>(this.repository.findByConversationId(conversationId));
			Message known = ConversationSummarizer.find(now);
			if (known != null) {
				now.remove(0);
			}
			List<Message> turns = now.stream()
				.filter((message) -> message.getMessageType() != MessageType.SYSTEM)
				.limit(dropped.size())
				.toList();
			if (!sameMessage(previous, known) || !sameMessages(turns, dropped)) {
				return;
			}
			Set<Message> removed = Collections.newSetFromMap(new IdentityHashMap<>());
			removed.addAll(turns);
			List<Message> kept = new ArrayList<>(now.size());
			kept.add(summary);
			now.stream().filter((message) -> !removed.contains(message)).forEach(kept::add);
			this.repository.saveAll(conversationId, kept);
		}
		finally {
			lock.unlock();
		}
	}

	private static boolean sameMessages(List<Message> some, List<Message> others) {
		if (some.size() != others.size()) {
			return false;
		}
		for (int i = 0; i < some.size(); i++) {
			if (!sameMessage(some.get(i), others.get(i))) {
				return false;
			}
		}
		return true;
	}

	// Does not use equals, because repositories may add metadata
	private static boolean sameMessage(@Nullable Message one, @Nullable Message other) {
		if (one == null || other == null) {
			return one == other;
		}
		return one.getMessageType() == other.getMessageType() && Objects.equals(one.getText(), other.getText());
	}

	private Lock lock(String conversationId) {
		return this.locks[Math.floorMod(conversationId.hashCode(), LOCK_COUNT)];
	}

}
