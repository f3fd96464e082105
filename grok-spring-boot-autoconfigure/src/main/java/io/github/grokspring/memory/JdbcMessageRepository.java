package io.github.grokspring.memory;

import org.springframework.ai.chat.memory.ChatMemoryRepository;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Keeps whole messages in the table {@code grok_chat_memory} of a database, so that
 * conversations go on where they were when an application comes back: with their tool
 * calls and with the reasoning that xAI has to be sent back unchanged. Schemas are in
 * {@code io/github/grokspring/memory}. Safe for use by several threads and several
 * instances of an application.
 *
 * @since 0.1.0
 */
public interface JdbcMessageRepository extends ChatMemoryRepository {

	/**
	 * Where the schemas are, by platform.
	 */
	String SCHEMA = "classpath:io/github/grokspring/memory/schema-@@platform@@.sql";

	/**
	 * Keep messages in a database.
	 * @param jdbc leads to the database
	 * @param transactions makes a conversation be saved as a whole or not at all
	 * @param codec writes messages
	 * @return a repository
	 */
	static JdbcMessageRepository of(JdbcOperations jdbc, TransactionOperations transactions, MessageCodec codec) {
		return new MessageTable(jdbc, transactions, codec);
	}

}
