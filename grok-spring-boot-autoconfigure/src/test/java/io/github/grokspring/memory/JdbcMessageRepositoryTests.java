package io.github.grokspring.memory;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import javax.sql.DataSource;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.core.io.ClassPathResource;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link JdbcMessageRepository}.
 */
class JdbcMessageRepositoryTests {

	private final DataSource dataSource = h2("");

	private final Recorder jdbc = new Recorder(this.dataSource);

	private final JdbcTransactionManager transactions = new JdbcTransactionManager(this.dataSource);

	private final JdbcMessageRepository repository = repository(this.jdbc);

	private JdbcMessageRepository repository(JdbcTemplate jdbc) {
		new ResourceDatabasePopulator(new ClassPathResource("schema-h2.sql", JdbcMessageRepository.class))
			.execute(this.dataSource);
		return JdbcMessageRepository.of(jdbc, new TransactionTemplate(this.transactions), MessageCodec.json());
	}

	private static DataSource h2(String settings) {
		return new DriverManagerDataSource("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1" + settings);
	}

	@Test
	void messagesKeepTheirOrder() {
		this.repository.saveAll("a", messages(12));
		this.repository.saveAll("A", messages(2));
		assertThat(this.repository.findByConversationId("a")).isEqualTo(messages(12));
		assertThat(this.repository.findByConversationId("A")).isEqualTo(messages(2));
		assertThat(this.repository.findByConversationId("b")).isEmpty();
		assertThat(this.repository.findConversationIds()).containsExactlyInAnyOrder("a", "A");
		this.repository.deleteByConversationId("a");
		assertThat(this.repository.findConversationIds()).containsExactly("A");
	}

	@Test
	void savedMessagesReplaceExistingOnes() {
		this.repository.saveAll("a", messages(5));
		List<Message> trimmed = messages(6).subList(2, 6);
		this.repository.saveAll("a", trimmed);
		assertThat(this.repository.findByConversationId("a")).isEqualTo(trimmed);
		this.repository.saveAll("a", List.of());
		assertThat(this.repository.findConversationIds()).isEmpty();
	}

	@Test
	void removedMessagesAreDeleted() {
		this.repository.saveAll("a", messages(5));
		for (int kept = 4; kept > 0; kept--) {
			this.repository.saveAll("a", messages(kept));
			assertThat(this.repository.findByConversationId("a")).isEqualTo(messages(kept));
		}
		List<Message> all = messages(5);
		this.repository.saveAll("a", all);
		List<Message> withoutOne = List.of(all.get(0), all.get(1), all.get(3), all.get(4));
		this.repository.saveAll("a", withoutOne);
		assertThat(this.repository.findByConversationId("a")).isEqualTo(withoutOne);
		this.repository.deleteByConversationId("a");
		assertThat(this.repository.findByConversationId("a")).isEmpty();
	}

	@Test
	void unchangedMessagesAreNotWrittenAgain() {
		this.repository.saveAll("a", messages(5));
		this.jdbc.written.clear();
		this.repository.saveAll("a", messages(6));
		assertThat(this.jdbc.written).containsExactly("INSERT 1");
		this.jdbc.written.clear();
		this.repository.saveAll("a", messages(6));
		assertThat(this.jdbc.written).isEmpty();
	}

	@Test
	void failedSaveLeavesConversationUnchanged() {
		this.repository.saveAll("a", messages(3));
		this.jdbc.failing = true;
		assertThatExceptionOfType(IllegalStateException.class)
			.isThrownBy(() -> this.repository.saveAll("a", messages(6).subList(3, 6)));
		assertThat(this.repository.findByConversationId("a")).isEqualTo(messages(3));
	}

	@Test
	void lastConcurrentSaveWins() throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(2);
		try {
			for (int round = 0; round < 20; round++) {
				String id = "c-" + round;
				CyclicBarrier start = new CyclicBarrier(2);
				List<Future<?>> both = List.of(threads.submit(() -> save(id, 2, start)),
						threads.submit(() -> save(id, 3, start)));
				for (Future<?> one : both) {
					one.get(20, TimeUnit.SECONDS);
				}
				assertThat(this.repository.findByConversationId(id)).isIn(messages(2), messages(3));
			}
		}
		finally {
			threads.shutdownNow();
		}
	}

	@Test
	void concurrentSavesAreNotMixed() throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(2);
		List<Message> all = messages(9);
		List<Message> longer = all.subList(0, 7);
		List<Message> moved = all.subList(2, 6);
		try {
			for (int round = 0; round < 200; round++) {
				String id = "c-" + round;
				this.repository.saveAll(id, all.subList(0, 5));
				CyclicBarrier start = new CyclicBarrier(2);
				List<Future<?>> both = List.of(threads.submit(() -> save(id, longer, start)),
						threads.submit(() -> save(id, moved, start)));
				for (Future<?> one : both) {
					one.get(20, TimeUnit.SECONDS);
				}
				assertThat(this.repository.findByConversationId(id)).isIn(longer, moved);
			}
		}
		finally {
			threads.shutdownNow();
		}
	}

	@Test
	void participatesInTransactionOfApplication() {
		TransactionTemplate transaction = new TransactionTemplate(this.transactions);
		this.repository.saveAll("a", messages(2));
		transaction.executeWithoutResult((status) -> {
			this.repository.saveAll("a", messages(4));
			this.repository.saveAll("b", messages(1));
			status.setRollbackOnly();
		});
		assertThat(this.repository.findByConversationId("a")).isEqualTo(messages(2));
		assertThat(this.repository.findByConversationId("b")).isEmpty();
		transaction.executeWithoutResult((status) -> this.repository.saveAll("a", messages(4)));
		assertThat(this.repository.findByConversationId("a")).isEqualTo(messages(4));
	}

	@Test
	void doesNotRetryWithinTransactionOfApplication() {
		this.jdbc.taken = true;
		assertThatExceptionOfType(DuplicateKeyException.class)
			.isThrownBy(() -> new TransactionTemplate(this.transactions)
				.executeWithoutResult((status) -> this.repository.saveAll("a", messages(1))));
		assertThat(this.jdbc.written).containsExactly("INSERT 1");
		assertThatExceptionOfType(DuplicateKeyException.class)
			.isThrownBy(() -> this.repository.saveAll("a", messages(1)));
		assertThat(this.jdbc.written).hasSize(4);
	}

	@Test
	void largeMessagesAndUnusualMetadataSurviveRoundTrip() {
		Map<String, Object> metadata = new HashMap<>();
		metadata.put("nothing", null);
		metadata.put("kept", "\u0000 \ud83d\ude00");
		List<Message> messages = List.of(UserMessage.builder().text("x".repeat(5_000_000)).build(),
				AssistantMessage.builder().content(null).properties(metadata).build());
		this.repository.saveAll("a", messages);
		List<Message> found = this.repository.findByConversationId("a");
		assertThat(found.get(0)).isEqualTo(messages.get(0));
		assertThat(found.get(1).getText()).isNull();
		assertThat(found.get(1).getMetadata()).containsEntry("kept", "\u0000 \ud83d\ude00")
			.doesNotContainKey("nothing");
	}

	private Void save(String id, List<Message> messages, CyclicBarrier start) throws Exception {
		start.await(20, TimeUnit.SECONDS);
		this.repository.saveAll(id, messages);
		return null;
	}

	private Void save(String id, int count, CyclicBarrier start) throws Exception {
		start.await(20, TimeUnit.SECONDS);
		this.repository.saveAll(id, messages(count));
		return null;
	}

	@ParameterizedTest
	@CsvSource({ "h2, ''", "hsqldb, ;MODE=HSQLDB", "postgresql, ;MODE=PostgreSQL", "mysql, ;MODE=MySQL",
			"mariadb, ;MODE=MariaDB", "oracle, ;MODE=Oracle", "sqlite, ''", "derby, ;MODE=Derby" })
	void schemaCreatesTable(String platform, String mode) {
		DataSource database = h2(mode);
		new ResourceDatabasePopulator(new ClassPathResource("schema-" + platform + ".sql", JdbcMessageRepository.class))
			.execute(database);
		JdbcMessageRepository table = JdbcMessageRepository.of(new JdbcTemplate(database),
				new TransactionTemplate(new JdbcTransactionManager(database)), MessageCodec.json());
		table.saveAll("a", messages(3));
		assertThat(table.findByConversationId("a")).isEqualTo(messages(3));
	}

	private static List<Message> messages(int count) {
		return IntStream.range(0, count)
			.mapToObj((i) -> (Message) ((i % 2 == 0) ? new UserMessage("Question " + i)
					: new AssistantMessage("Answer " + i)))
			.toList();
	}

	/**
	 * Records the written rows.
	 */
	private static final class Recorder extends JdbcTemplate {

		private final List<String> written = new CopyOnWriteArrayList<>();

		private boolean failing;

		private boolean taken;

		private Recorder(DataSource dataSource) {
			super(dataSource);
		}

		@Override
		public int update(String sql, Object... args) {
			if (!sql.startsWith("UPDATE")) {
				this.written.add("DELETE");
			}
			return super.update(sql, args);
		}

		@Override
		public int[] batchUpdate(String sql, List<? extends Object[]> rows) {
			if (this.failing) {
				throw new IllegalStateException("No more room");
			}
			this.written.add("INSERT " + rows.size());
			if (this.taken) {
				throw new DuplicateKeyException("It is taken");
			}
			return super.batchUpdate(sql, rows);
		}

	}

}
