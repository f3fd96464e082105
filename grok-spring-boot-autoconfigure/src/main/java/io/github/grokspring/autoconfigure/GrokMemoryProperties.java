package io.github.grokspring.autoconfigure;

import io.github.grokspring.memory.JdbcMessageRepository;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Properties of where conversations are kept.
 *
 * @param store What keeps the messages of Spring AI's chat memory
 * @param jdbc How they are kept in a database
 */
@ConfigurationProperties("grok.memory")
record GrokMemoryProperties(@DefaultValue("none") Store store, @DefaultValue Jdbc jdbc) {

	/**
	 * What keeps messages.
	 */
	enum Store {

		/**
		 * Nothing of ours: what Spring AI or the application provides.
		 */
		NONE,

		/**
		 * The database of the application.
		 */
		JDBC

	}

	/**
	 * Properties of the database.
	 *
	 * @param initializeSchema When the table is made at start
	 * @param schema Where the script is that makes the table
	 * @param platform Platform in the name of the script, such as postgresql; found out
	 * if not set
	 */
	record Jdbc(@DefaultValue("embedded") InitializeSchema initializeSchema,
			@DefaultValue(JdbcMessageRepository.SCHEMA) String schema, @Nullable String platform) {

	}

	/**
	 * When a table is made.
	 */
	enum InitializeSchema {

		/**
		 * In a database that lives within the application.
		 */
		EMBEDDED,

		/**
		 * In any database, unless it is there.
		 */
		ALWAYS,

		/**
		 * Never.
		 */
		NEVER

	}

}
