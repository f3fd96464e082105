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
 * {@link EnableAutoConfiguration Auto-configuration} for a chat memory repository that
 * stores complete messages. It is enabled by {@code grok.memory.store} and applied before
 * the auto-configuration of Spring AI, whose chat memory uses the repository.
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
	 * Chat memory in the database of the application.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnProperty(name = STORE, havingValue = JDBC)
	@ConditionalOnClass({ JdbcTemplate.class, DataSourceScriptDatabaseInitializer.class })
	static class Database {

		// Primary, because it is explicitly configured
		@Bean
		@Primary
		@DependsOnDatabaseInitialization
		@ConditionalOnMissingBean(ChatMemoryRepository.class)
		JdbcMessageRepository grokChatMemoryRepository(GrokMemoryProperties properties,
				ObjectProvider<DataSource> dataSources, ObjectProvider<PlatformTransactionManager> transactions) {
			DataSource dataSource = dataSources.getIfUnique();
			if (dataSource == null) {
				throw new GrokConfigurationException(STORE, "is 'jdbc', but there is no unique DataSource bean",
						"Configure 'spring.datasource', annotate one of several beans with @Primary, or set the property to"
								+ " 'none'.");
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
								+ "', but the database has no table 'grok_chat_memory'"
								+ ((mode == GrokMemoryProperties.InitializeSchema.EMBEDDED)
										? " and is not embedded, so the table is not created automatically" : ""),
						(mode == GrokMemoryProperties.InitializeSchema.ALWAYS)
								? "Make sure that the script set by 'grok.memory.jdbc.schema' creates the table."
								: "Set the property to 'always', or create the table, for example in a migration, with the"
										+ " script for your database in io/github/grokspring/memory of the starter.");
			}
			catch (DataAccessException ex) {
				// An unreachable database may have the table
				logger.debug("Failed to check for the chat memory table", ex);
			}
		}

		// Not every database supports CREATE TABLE IF NOT EXISTS
		private static boolean isThere(JdbcTemplate jdbc) {
			try {
				jdbc.queryForList(PROBE);
				return true;
			}
			catch (DataAccessException ex) {
				// The script fails as well if the cause is not a missing table
				return false;
			}
		}

	}

	/**
	 * Fails because JDBC is not available.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnProperty(name = STORE, havingValue = JDBC)
	@ConditionalOnMissingClass("org.springframework.boot.jdbc.init.DataSourceScriptDatabaseInitializer")
	static class NoDatabase {

		@Bean
		@ConditionalOnMissingBean(ChatMemoryRepository.class)
		ChatMemoryRepository grokChatMemoryRepository() {
			throw new GrokConfigurationException(STORE,
					"is 'jdbc', but Spring Boot's JDBC support is not on the class path",
					"Add the dependency 'spring-boot-starter-jdbc' and a driver, or set the property to 'none'.");
		}

	}

	/**
	 * Runtime hints for native images.
	 */
	static final class Hints implements RuntimeHintsRegistrar {

		@Override
		public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
			hints.resources().registerPattern("io/github/grokspring/memory/schema-*.sql");
		}

	}

}
