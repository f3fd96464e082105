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
 * The table of messages. A row is a message; what of a conversation stays the same is not
 * written again.
 */
final class MessageTable implements JdbcMessageRepository {

	private static final String SELECT_IDS = "SELECT DISTINCT conversation_id FROM grok_chat_memory";

	private static final String SELECT = "SELECT message FROM grok_chat_memory WHERE conversation_id = ?"
			+ " ORDER BY message_number";

	private static final String INSERT = "INSERT INTO grok_chat_memory (conversation_id, message_number, message)"
			+ " VALUES (?, ?, ?)";

	private static final String DELETE_FROM = "DELETE FROM grok_chat_memory WHERE conversation_id = ?"
			+ " AND message_number >= ?";

	/**
	 * Changes nothing, but makes whoever else saves the conversation wait.
	 */
	private static final String LOCK = "UPDATE grok_chat_memory SET message_number = message_number"
			+ " WHERE conversation_id = ? AND message_number = 0";

	private static final int ATTEMPTS = 3;

	private final JdbcOperations jdbc;

	private final TransactionOperations transactions;

	private final MessageCodec codec;

	MessageTable(JdbcOperations jdbc, TransactionOperations transactions, MessageCodec codec) {
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
		// Whoever began the transaction has to begin it again: it is not ours to go on in
		int attempts = TransactionSynchronizationManager.isActualTransactionActive() ? 1 : ATTEMPTS;
		for (int attempt = 1;; attempt++) {
			try {
				this.transactions.executeWithoutResult((status) -> save(conversationId, rows));
				return;
			}
			catch (DuplicateKeyException | ConcurrencyFailureException ex) {
				// Somebody else has written the same conversation; the last one counts
				if (attempt >= attempts) {
					throw ex;
				}
			}
		}
	}

	private void save(String conversationId, List<String> rows) {
		List<String> known = lockedRows(conversationId);
		int same = 0;
		while (same < known.size() && same < rows.size() && known.get(same).equals(rows.get(same))) {
			same++;
		}
		if (same < known.size()) {
			this.jdbc.update(DELETE_FROM, conversationId, same);
		}
		List<Object[]> added = new ArrayList<>();
		for (int number = same; number < rows.size(); number++) {
			added.add(new Object[] { conversationId, number, rows.get(number) });
		}
		if (!added.isEmpty()) {
			this.jdbc.batchUpdate(INSERT, added);
		}
	}

	// One who had to wait for the lock may find the row gone that it waited for, and
	// another one in its place. Two who find nothing to lock meet at the first row that
	// they write.
	private List<String> lockedRows(String conversationId) {
		boolean locked = this.jdbc.update(LOCK, conversationId) > 0;
		List<String> known = rows(conversationId);
		if (!locked && !known.isEmpty()) {
			this.jdbc.update(LOCK, conversationId);
			known = rows(conversationId);
		}
		return known;
	}

	private List<String> rows(String conversationId) {
		return this.jdbc.query(SELECT, (row, number) -> row.getString(1), conversationId);
	}

	@Override
	public void deleteByConversationId(String conversationId) {
		this.jdbc.update(DELETE_FROM, conversationId, 0);
	}

}
