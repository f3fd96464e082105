package io.github.grokspring.autoconfigure;

import io.github.grokspring.memory.JdbcMessageRepository;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Properties of the chat memory.
 *
 * @param store Store for the messages of Spring AI's chat memory.
 * @param jdbc JDBC storage.
 */
@ConfigurationProperties("grok.memory")
record GrokMemoryProperties(@DefaultValue("none") Store store, @DefaultValue Jdbc jdbc) {

	/**
	 * Store for messages.
	 */
	enum Store {

		/**
		 * The repository that Spring AI or the application provides.
		 */
		NONE,

		/**
		 * The database of the application.
		 */
		JDBC

	}

	/**
	 * Properties of the JDBC store.
	 *
	 * @param initializeSchema When to create the database table.
	 * @param schema Location of the SQL script that creates the table.
	 * @param platform Platform to use in the name of the schema script, for example
	 * postgresql. Auto-detected by default.
	 */
	record Jdbc(@DefaultValue("embedded") InitializeSchema initializeSchema,
			@DefaultValue(JdbcMessageRepository.SCHEMA) String schema, @Nullable String platform) {

	}

	/**
	 * When to create the table.
	 */
	enum InitializeSchema {

		/**
		 * In an embedded database only.
		 */
		EMBEDDED,

		/**
		 * In any database, unless it exists.
		 */
		ALWAYS,

		/**
		 * Never.
		 */
		NEVER

	}

}
