package io.github.grokspring.autoconfigure;

import java.util.Locale;

import javax.sql.DataSource;

import io.github.grokspring.memory.JdbcMessageRepository;
import io.github.grokspring.memory.MessageCodec;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.memory.ChatMemoryRepository;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jdbc.init.DataSourceScriptDatabaseInitializer;
import org.springframework.boot.jdbc.init.PlatformPlaceholderDatabaseDriverResolver;
import org.springframework.boot.sql.init.DatabaseInitializationMode;
import org.springframework.boot.sql.init.DatabaseInitializationSettings;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.context.annotation.Primary;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.util.StringUtils;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for a repository of conversations
 * that keeps whole messages, for whoever asks for it with {@code grok.memory.store}.
 * Before Spring AI's, whose memory then takes it.
 *
 * @since 0.1.0
 */
@AutoConfiguration(beforeName = {
		"org.springframework.ai.model.chat.memory.repository.jdbc.autoconfigure.JdbcChatMemoryRepositoryAutoConfiguration",
		"org.springframework.ai.model.chat.memory.autoconfigure.ChatMemoryAutoConfiguration" })
@ConditionalOnBooleanProperty(name = "grok.enabled", matchIfMissing = true)
@EnableConfigurationProperties(GrokMemoryProperties.class)
@ImportRuntimeHints(GrokChatMemoryAutoConfiguration.Hints.class)
public final class GrokChatMemoryAutoConfiguration {

	private static final String STORE = "grok.memory.store";

	private static final String JDBC = "jdbc";

	private static final String PROBE = "SELECT message_number FROM grok_chat_memory WHERE 1 = 0";

	private static final Log logger = LogFactory.getLog(GrokChatMemoryAutoConfiguration.class);

	/**
	 * Conversations in the database of the application.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnProperty(name = STORE, havingValue = JDBC)
	@ConditionalOnClass({ JdbcTemplate.class, DataSourceScriptDatabaseInitializer.class })
	static class Database {

		// First even if another one comes from elsewhere: this one was asked for.
		@Bean
		@Primary
		@DependsOnDatabaseInitialization
		@ConditionalOnMissingBean(ChatMemoryRepository.class)
		JdbcMessageRepository grokChatMemoryRepository(GrokMemoryProperties properties,
				ObjectProvider<DataSource> dataSources, ObjectProvider<PlatformTransactionManager> transactions) {
			DataSource dataSource = dataSources.getIfUnique();
			if (dataSource == null) {
				throw new GrokConfigurationException(STORE,
						"is 'jdbc', but there is no DataSource bean, or no single one",
						"Configure 'spring.datasource', mark one of several with @Primary, or write 'none'.");
			}
			JdbcTemplate jdbc = new JdbcTemplate(dataSource);
			initialize(dataSource, jdbc, properties.jdbc());
			requireTable(jdbc, properties.jdbc());
			return JdbcMessageRepository.of(jdbc,
					new TransactionTemplate(transactions.getIfUnique(() -> new JdbcTransactionManager(dataSource))),
					MessageCodec.json());
		}

		private static void initialize(DataSource dataSource, JdbcTemplate jdbc, GrokMemoryProperties.Jdbc properties) {
			if (properties.initializeSchema() == GrokMemoryProperties.InitializeSchema.NEVER || isThere(jdbc)) {
				return;
			}
			DatabaseInitializationSettings settings = new DatabaseInitializationSettings();
			settings.setMode(DatabaseInitializationMode.valueOf(properties.initializeSchema().name()));
			PlatformPlaceholderDatabaseDriverResolver platform = new PlatformPlaceholderDatabaseDriverResolver();
			settings.setSchemaLocations(StringUtils.hasText(properties.platform())
					? platform.resolveAll(properties.platform(), properties.schema())
					: platform.resolveAll(dataSource, properties.schema()));
			new DataSourceScriptDatabaseInitializer(dataSource, settings).initializeDatabase();
		}

		private static void requireTable(JdbcTemplate jdbc, GrokMemoryProperties.Jdbc properties) {
			try {
				jdbc.queryForList(PROBE);
			}
			catch (BadSqlGrammarException ex) {
				GrokMemoryProperties.InitializeSchema mode = properties.initializeSchema();
				throw new GrokConfigurationException("grok.memory.jdbc.initialize-schema",
						"is '" + mode.name().toLowerCase(Locale.ROOT)
								+ "', and the database has no table 'grok_chat_memory'"
								+ ((mode == GrokMemoryProperties.InitializeSchema.EMBEDDED)
										? ": it is not an embedded one, for which the table would be created" : ""),
						(mode == GrokMemoryProperties.InitializeSchema.ALWAYS)
								? "Let the script of 'grok.memory.jdbc.schema' create the table."
								: "Write 'always', or create the table with the script for your database that is in"
										+ " io/github/grokspring/memory of the starter, for instance in a migration.");
			}
			catch (DataAccessException ex) {
				// A database that cannot be reached at the moment may well have the table
				logger.debug("The table of conversations cannot be looked up", ex);
			}
		}

		// Not every database can be told to make a table only where there is none
		private static boolean isThere(JdbcTemplate jdbc) {
			try {
				jdbc.queryForList(PROBE);
				return true;
			}
			catch (DataAccessException ex) {
				// Whatever else is wrong than that it is missing, the script meets too
				return false;
			}
		}

	}

	/**
	 * Conversations cannot be kept as asked for.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnProperty(name = STORE, havingValue = JDBC)
	@ConditionalOnMissingClass("org.springframework.boot.jdbc.init.DataSourceScriptDatabaseInitializer")
	static class NoDatabase {

		@Bean
		@ConditionalOnMissingBean(ChatMemoryRepository.class)
		ChatMemoryRepository grokChatMemoryRepository() {
			throw new GrokConfigurationException(STORE, "is 'jdbc', but the application has no JDBC",
					"Add 'spring-boot-starter-jdbc' and a driver, or write 'none'.");
		}

	}

	/**
	 * What a native image must not leave out.
	 */
	static final class Hints implements RuntimeHintsRegistrar {

		@Override
		public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
			hints.resources().registerPattern("io/github/grokspring/memory/schema-*.sql");
		}

	}

}
