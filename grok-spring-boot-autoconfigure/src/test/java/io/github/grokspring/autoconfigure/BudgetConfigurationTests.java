package io.github.grokspring.autoconfigure;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.Stream;

import io.github.grokspring.budget.Budget;
import io.github.grokspring.budget.BudgetScope;
import io.github.grokspring.budget.BudgetSettings;
import io.github.grokspring.budget.BudgetStore;
import io.github.grokspring.budget.BudgetWindow;
import io.github.grokspring.budget.Budgets;
import io.github.grokspring.budget.LedgerSettings;
import io.github.grokspring.budget.OnExceeded;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.event.GrokEventListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * From {@code grok.budgets} and {@code grok.budget} to beans.
 */
@ExtendWith(OutputCaptureExtension.class)
class BudgetConfigurationTests {

	private final ApplicationContextRunner runner = ContextRunners.starterWithKey();

	@TempDir
	Path directory;

	@Test
	void withoutBudgetsThereIsNothingToReserve() {
		this.runner.run((context) -> {
			assertThat(context.getBean("grokBudgets", Budgets.class).status()).isEmpty();
			assertThat(context.getBean(GrokChatModel.class).stages()).doesNotContain("budget");
		});
	}

	@Test
	void aBudgetNeedsALimitOnly() {
		this.runner.withPropertyValues("grok.budgets.daily.limit=50").run((context) -> {
			assertThat(context.getBean(Budgets.class).budgets()).containsExactly(new Budget("daily", 500_000_000_000L,
					BudgetWindow.DAY, ZoneId.of("UTC"), BudgetScope.ALL, List.of(80), OnExceeded.FAIL, null));
			assertThat(context.getBean(GrokChatModel.class).stages()).contains("budget");
		});
	}

	@Test
	void everyKeyCanBeWritten() {
		this.runner
			.withPropertyValues("grok.chat.model=grok-4.7", "grok.budgets.team.limit=12.5",
					"grok.budgets.team.window=month", "grok.budgets.team.zone=Europe/Berlin",
					"grok.budgets.team.scope=tenant", "grok.budgets.team.warn-at=50%, 90 %,100",
					"grok.budgets.team.on-exceeded=downgrade", "grok.budgets.team.downgrade-model=grok-4.3",
					"grok.budgets.team.downgrade-at=60%", "grok.budget.ceiling=0.5", "grok.budget.lease=45m",
					"grok.budget.fsync=interval", "grok.budget.on-write-failure=continue", "grok.budget.store=file",
					"grok.budget.file=" + this.directory.resolve("deep/ledger"))
			.run((context) -> {
				assertThat(context.getBean(Budgets.class).budgets()).containsExactly(
						new Budget("team", 125_000_000_000L, BudgetWindow.MONTH, ZoneId.of("Europe/Berlin"),
								BudgetScope.TENANT, List.of(50, 90, 100), OnExceeded.DOWNGRADE, "grok-4.3", 60));
				assertThat(context.getBean(GrokBudgetStoreProperties.class).lease()).isEqualTo(Duration.ofMinutes(45));
				assertThat(this.directory.resolve("deep/ledger")).exists();
			});
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "grok-4.7 | grok-4.20 | grok-4.3 | grok-4.20", "grok-4.3 | odd | cheap | odd" })
	void saysAtTheStartWhichModelsADowngradeCannotHelp(String model, String other, String target, String named,
			CapturedOutput output) {
		downgrading(model, other, target).run((context) -> assertThat(output).containsOnlyOnce(
				"'grok.budgets.daily.downgrade-model' is '" + target + "', which is not cheaper than " + named
						+ ". Calls to these models are not downgraded and fail when the budget does not cover them."));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "grok-4.7 | grok-4.5 | grok-4.3", "grok-4.7 | grok-4.5 | grok-4.20",
			"grok-4.3 | grok-4.7 | odd", "grok-4.7 | grok-4.3 | grok-4.3", "grok-4.7 | grok-4.3-latest | grok-4.3" })
	void aDowngradeThatHelpsEveryModelSaysNothing(String model, String other, String target, CapturedOutput output) {
		downgrading(model, other, target).run((context) -> assertThat(output).doesNotContain("not cheaper"));
	}

	/**
	 * Knows a model whose prompts are cheap and whose output is not.
	 */
	private ApplicationContextRunner downgrading(String model, String other, String target) {
		return this.runner.withPropertyValues("grok.chat.model=" + model, "grok.clients.other.model=" + other,
				"grok.models.odd.price.input=0.50", "grok.models.odd.price.output=3.00",
				"grok.models.cheap.price.input=1.00", "grok.models.cheap.price.output=2.60",
				"grok.budgets.daily.limit=5", "grok.budgets.daily.on-exceeded=downgrade",
				"grok.budgets.daily.downgrade-model=" + target);
	}

	@Test
	void saysAtTheStartWhoseCallsNothingLimits(CapturedOutput output) {
		this.runner
			.withPropertyValues("grok.budgets.daily.limit=50", "grok.clients.brief.max-tokens=100",
					"grok.clients.long.model=grok-4.3")
			.run((context) -> assertThat(output)
				.containsOnlyOnce("Budgets are configured, but the output of clients default, long is unlimited."));
		this.runner.withPropertyValues("grok.budgets.daily.limit=50", "grok.chat.max-tokens=100")
			.run((context) -> assertThat(output).containsOnlyOnce("Budgets are configured, but the output of"));
		for (String decided : new String[] { "grok.budget.ceiling=2", "grok.budgets.daily.on-exceeded=warn" }) {
			this.runner.withPropertyValues("grok.budgets.daily.limit=50", decided)
				.run((context) -> assertThat(output).containsOnlyOnce("Budgets are configured, but the output of"));
		}
	}

	@Test
	void noThresholdIsAChoice() {
		this.runner.withPropertyValues("grok.budgets.daily.limit=50", "grok.budgets.daily.warn-at=")
			.run((context) -> assertThat(context.getBean(Budgets.class).budgets()).singleElement()
				.satisfies((budget) -> assertThat(budget.warnAt()).isEmpty()));
	}

	@Test
	void aFileIsUsedWhenItIsNamedAndNotWhenMemoryIs() {
		Path file = this.directory.resolve("ledger");
		this.runner
			.withPropertyValues("grok.budgets.daily.limit=50", "grok.budget.file=" + file, "grok.budget.store=memory")
			.run((context) -> assertThat(file).doesNotExist());
		this.runner.withPropertyValues("grok.budget.file=" + file)
			.run((context) -> assertThat(file).as("without budgets").doesNotExist());
		this.runner.withPropertyValues("grok.budgets.daily.limit=50", "grok.budget.file=" + file)
			.run((context) -> assertThat(file).exists());
	}

	@Test
	void budgetsOfTheUserGoFirst() {
		this.runner.withUserConfiguration(OwnBudgets.class).run((context) -> {
			assertThat(context).hasSingleBean(Budgets.class);
			assertThat(context.getBean(Budgets.class).budgets()).extracting(Budget::name).containsExactly("own");
			assertThat(context.getBean(GrokChatModel.class).stages()).contains("budget");
		});
	}

	static Stream<Arguments> failures() {
		return Stream.of(failure("no limit", "'limit' is not set", "grok.budgets.daily.window=day"),
				failure("a limit of nothing", "'limit' is 0 but must be greater than 0", "grok.budgets.daily.limit=0"),
				failure("a limit below zero", "'limit' is -1 but must be greater than 0",
						"grok.budgets.daily.limit=-1"),
				failure("a limit nobody has", "at most 100000000", "grok.budgets.daily.limit=1e12"),
				failure("a limit of less than a tick", "at most ten decimal places",
						"grok.budgets.daily.limit=0.00000000001"),
				failure("a threshold of nothing", "'warn-at' contains '0%'", "grok.budgets.daily.limit=1",
						"grok.budgets.daily.warn-at=0%"),
				failure("a threshold beyond the limit", "'warn-at' contains '101%'", "grok.budgets.daily.limit=1",
						"grok.budgets.daily.warn-at=80%,101%"),
				failure("a share of nothing", "'downgrade-at' contains '0%'", "grok.budgets.daily.limit=1",
						"grok.budgets.daily.downgrade-at=0%"),
				failure("a threshold of words", "'warn-at' is 'most' but must be a percentage",
						"grok.budgets.daily.limit=1", "grok.budgets.daily.warn-at=most"),
				failure("a downgrade to nothing", "'downgrade-model' is not set, but 'on-exceeded' is 'downgrade'",
						"grok.budgets.daily.limit=1", "grok.budgets.daily.on-exceeded=downgrade"),
				failure("a model nobody is downgraded to",
						"'downgrade-model' is 'grok-4.3', but 'on-exceeded' is not 'downgrade'",
						"grok.budgets.daily.limit=1", "grok.budgets.daily.downgrade-model=grok-4.3"),
				failure("an unknown model to downgrade to",
						"'grok.budgets.daily.downgrade-model' is 'grok-4.33', which is not a known model."
								+ " Set the property to the id of a known model, for example grok-4.3",
						"grok.budgets.daily.limit=1", "grok.budgets.daily.on-exceeded=downgrade",
						"grok.budgets.daily.downgrade-model=grok-4.33"),
				failure("a downgrade that is none",
						"'grok.budgets.daily.downgrade-model' is 'grok-4.7', which is not cheaper than the models of"
								+ " the clients (grok-4.3)",
						"grok.budgets.daily.limit=1", "grok.budgets.daily.on-exceeded=downgrade",
						"grok.budgets.daily.downgrade-model=grok-4.7"),
				failure("Redis", "'store' is 'redis', but this version does not support Redis as budget store",
						"grok.budget.store=redis"),
				failure("a file store without a file", "'file' is not set, but 'grok.budget.store' is 'file'",
						"grok.budget.store=file"),
				failure("a ceiling of nothing", "'ceiling' is 0 but must be greater than 0", "grok.budget.ceiling=0"),
				failure("a lease of nothing", "'lease' is 0 ms", "grok.budget.lease=0s"),
				failure("a lease shorter than a call",
						"'grok.budget.lease' is 1800 s but must be longer than 'grok.http.call-timeout'",
						"grok.budgets.daily.limit=1", "grok.budget.lease=30m"),
				failure("budgets without prices", "'grok.cost.enabled' is 'false', but budgets are configured",
						"grok.budgets.daily.limit=1", "grok.cost.enabled=false"));
	}

	private static Arguments failure(String name, String message, String... properties) {
		return Arguments.argumentSet(name, message, properties);
	}

	@ParameterizedTest
	@MethodSource("failures")
	void saysWhatIsWrong(String message, String... properties) {
		fails(message, properties);
	}

	@Test
	void oneLedgerHasOneWriter() throws IOException {
		Path file = this.directory.resolve("ledger");
		try (BudgetStore other = BudgetStore.file(
				new LedgerSettings(file, LedgerSettings.Fsync.ALWAYS, LedgerSettings.OnFailure.REFUSE),
				Clock.systemUTC())) {
			assertThat(other.mayWait()).isTrue();
			fails("'grok.budget.file' is '" + file + "', which another process or application context already uses."
					+ " Set the property to a different file for each instance", "grok.budgets.daily.limit=1",
					"grok.budget.file=" + file);
		}
	}

	@Test
	void aFileThatCannotBeWrittenIsNamed() throws IOException {
		Path file = Files.createFile(this.directory.resolve("no-directory")).resolve("ledger");
		fails("'grok.budget.file' is '" + file + "', which cannot be used as a ledger", "grok.budgets.daily.limit=1",
				"grok.budget.file=" + file);
	}

	@Test
	void aFileThatIsNoLedgerIsNotOverwritten() throws IOException {
		Path file = this.directory.resolve("notes");
		Files.writeString(file, "my notes");
		fails("'grok.budget.file' is '" + file + "', which cannot be used as a ledger (it is not a budget ledger)",
				"grok.budgets.daily.limit=1", "grok.budget.file=" + file);
		assertThat(file).hasContent("my notes");
	}

	private void fails(String message, String... properties) {
		this.runner.withPropertyValues(properties)
			.run((context) -> assertThat(context).getFailure().rootCause().hasMessageContaining(message));
	}

	/**
	 * Budgets of the user's own.
	 */
	@Configuration(proxyBeanMethods = false)
	static class OwnBudgets {

		@Bean
		Budgets ownBudgets() {
			return Budgets.of(List.of(Budget.of("own", BigDecimal.ONE, BudgetWindow.TOTAL)),
					BudgetStore.inMemory(Clock.systemUTC()), BudgetSettings.DEFAULTS, GrokEventListener.none(),
					Clock.systemUTC());
		}

	}

}
