package io.github.grokspring.memory;

import org.springframework.ai.chat.memory.ChatMemoryRepository;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.support.TransactionOperations;

/**
 * {@link ChatMemoryRepository} that stores complete messages in the database table {@code
 * grok_chat_memory}, including tool calls and the reasoning that has to be returned to
 * xAI unchanged. Conversations continue after a restart. The schemas are located in
 * {@code io/github/grokspring/memory}. Safe for use by several threads and application
 * instances.
 *
 * @since 0.1.0
 */
public interface JdbcMessageRepository extends ChatMemoryRepository {

	/**
	 * Location of the schemas, by platform.
	 */
	String SCHEMA = "classpath:io/github/grokspring/memory/schema-@@platform@@.sql";

	/**
	 * Creates a repository.
	 * @param jdbc the database access
	 * @param transactions ensures that a conversation is saved atomically
	 * @param codec converts messages to strings
	 * @return the repository
	 */
	static JdbcMessageRepository of(JdbcOperations jdbc, TransactionOperations transactions, MessageCodec codec) {
		return new DefaultJdbcMessageRepository(jdbc, transactions, codec);
	}

}
