package io.github.grokspring.memory;

import java.util.ArrayList;
import java.util.List;

import org.springframework.ai.chat.messages.Message;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Default {@link JdbcMessageRepository} with one row per message. Unchanged messages of a
 * conversation are not written again.
 */
final class DefaultJdbcMessageRepository implements JdbcMessageRepository {

	private static final String SELECT_IDS = "SELECT DISTINCT conversation_id FROM grok_chat_memory";

	private static final String SELECT = "SELECT message FROM grok_chat_memory WHERE conversation_id = ?"
			+ " ORDER BY message_number";

	private static final String INSERT = "INSERT INTO grok_chat_memory (conversation_id, message_number, message)"
			+ " VALUES (?, ?, ?)";

	private static final String DELETE_FROM = "DELETE FROM grok_chat_memory WHERE conversation_id = ?"
			+ " AND message_number >= ?";

	/**
	 * Locks a conversation without changing it.
	 */
	private static final String LOCK = "UPDATE grok_chat_memory SET message_number = message_number"
			+ " WHERE conversation_id = ? AND message_number = 0";

	private static final int MAX_ATTEMPTS = 3;

	private final JdbcOperations jdbc;

	private final TransactionOperations transactions;

	private final MessageCodec codec;

	DefaultJdbcMessageRepository(JdbcOperations jdbc, TransactionOperations transactions, MessageCodec codec) {
		this.jdbc = jdbc;
		this.transactions = transactions;
		this.codec = codec;
	}

	@Override
	public List<String> findConversationIds() {
		return this.jdbc.query(SELECT_IDS, (row, number) -> row.getString(1));
	}

	@Override
	public List<Message> findByConversationId(String conversationId) {
		return rows(conversationId).stream().map(this.codec::read).toList();
	}

	@Override
	public void saveAll(String conversationId, List<Message> messages) {
		List<String> rows = messages.stream().map(this.codec::write).toList();
		// A transaction of the application can only be retried by the application
		int attempts = TransactionSynchronizationManager.isActualTransactionActive() ? 1 : MAX_ATTEMPTS;
		for (int attempt = 1;; attempt++) {
			try {
				this.transactions.executeWithoutResult((status) -> save(conversationId, rows));
				return;
			}
			catch (DuplicateKeyException | ConcurrencyFailureException ex) {
				// Concurrent write of the same conversation: the last one wins
				if (attempt >= attempts) {
					throw ex;
				}
			}
		}
	}

	private void save(String conversationId, List<String> rows) {
		List<String> existing = lockedRows(conversationId);
		int unchanged = 0;
		while (unchanged < existing.size() && unchanged < rows.size()
				&& existing.get(unchanged).equals(rows.get(unchanged))) {
			unchanged++;
		}
		if (unchanged < existing.size()) {
			this.jdbc.update(DELETE_FROM, conversationId, unchanged);
		}
		List<Object[]> added = new ArrayList<>();
		for (int number = unchanged; number < rows.size(); number++) {
			added.add(new Object[] { conversationId, number, rows.get(number) });
		}
		if (!added.isEmpty()) {
			this.jdbc.batchUpdate(INSERT, added);
		}
	}

	// After waiting for the lock, the locked row may have been replaced. If there was no
	// row to lock, concurrent writers conflict on the first insert.
	private List<String> lockedRows(String conversationId) {
		boolean locked = this.jdbc.update(LOCK, conversationId) > 0;
		List<String> existing = rows(conversationId);
		if (!locked && !existing.isEmpty()) {
			this.jdbc.update(LOCK, conversationId);
			existing = rows(conversationId);
		}
		return existing;
	}

	private List<String> rows(String conversationId) {
		return this.jdbc.query(SELECT, (row, number) -> row.getString(1), conversationId);
	}

	@Override
	public void deleteByConversationId(String conversationId) {
		this.jdbc.update(DELETE_FROM, conversationId, 0);
	}

}
