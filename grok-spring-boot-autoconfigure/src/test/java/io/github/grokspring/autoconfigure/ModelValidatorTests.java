package io.github.grokspring.autoconfigure;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.catalog.ModelOverride;
import io.github.grokspring.catalog.RefreshableModelCatalog;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.scrub.OnUnsupported;
import io.github.grokspring.scrub.Scrubbed;
import io.github.grokspring.scrub.Scrubber;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a person reads at start about the models of clients.
 */
@ExtendWith(OutputCaptureExtension.class)
class ModelValidatorTests {

	private static final Instant NOVEMBER = Instant.parse("2026-11-20T00:00:00Z");

	private final ApplicationContextRunner starter = ContextRunners.starterWithKey();

	@Test
	void aRetiredModelThatIsAnsweredByAnotherIsWarnedAboutWithThePriceOfBoth(CapturedOutput output) {
		this.starter.withPropertyValues("grok.chat.model=grok-4-1-fast-reasoning").run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(output)
				.contains("'grok.chat.model' is 'grok-4-1-fast-reasoning', which xAI retired on 2026-05-15")
				.contains("'grok-4.3' answers in its place with reasoning effort 'low' and at its own price."
						+ " xAI may have ended this redirect, so requests may fail with status 404")
				.contains("1.25 USD per million input tokens and 2.50 USD per million output tokens"
						+ " instead of 0.20 USD per million input tokens and 0.50 USD per million output tokens")
				.contains(
						"Set the property to 'grok-4.3' and 'reasoning-effort' to 'low' to keep the current behavior.");
		});
	}

	@Test
	void aModelThatIsGoneIsWarnedAbout(CapturedOutput output) {
		this.starter.withPropertyValues("grok.clients.old.model=grok-2-1212").run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(output).contains("'grok.clients.old.model' is 'grok-2-1212', which xAI retired")
				.contains("requests for it are likely to fail");
		});
	}

	@Test
	void aModelNobodyKnowsIsWarnedAboutWithNamesLikeIt(CapturedOutput output) {
		this.starter.withPropertyValues("grok.chat.model=grok-4-5").run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(output).contains("'grok.chat.model' is 'grok-4-5', which is not in the model catalog")
				.contains("'grok-4.5'")
				.contains("'grok.models'");
		});
	}

	@Test
	void aTokenLimitThatTheModelOfTheClientRefusesIsWarnedAbout(CapturedOutput output) {
		this.starter
			.withPropertyValues("grok.clients.team.model=grok-4.20-multi-agent", "grok.clients.team.max-tokens=100")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(output)
					.containsOnlyOnce(
							"'grok.clients.team.max-tokens' is 100, but 'grok-4.20-multi-agent' rejects a token limit")
					.contains("it is not sent");
			});
	}

	@ParameterizedTest
	@CsvSource({ "stop,END", "presence-penalty,0.5", "frequency-penalty,-0.5" })
	void parameterThatTheModelRefusesIsWarnedAboutOnce(String key, String value, CapturedOutput output) {
		this.starter
			.withPropertyValues("grok.chat." + key + "=" + value, "grok.clients.a.model=grok-4.3",
					"grok.clients.b.model=grok-4.3")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(output).containsOnlyOnce("WARN")
					.contains("'grok.chat." + key + "' is set, but 'grok-4.3' rejects it; it is not sent. Remove the"
							+ " property, or choose another model.");
			});
		this.starter.withPropertyValues("grok.clients.a." + key + "=" + value, "grok.scrub.enabled=false")
			.run((context) -> assertThat(output).containsOnlyOnce(
					"'grok.clients.a." + key + "' is set, but 'grok-4.3' rejects it; it is sent anyway, because"
							+ " scrubbing is disabled, and requests fail."));
	}

	@ParameterizedTest
	@ValueSource(strings = { "gpt-4o", "claude-sonnet-4-5", "o3" })
	void hostsOfOthersMayServeModelsOfOthers(String model) {
		this.starter.withPropertyValues("grok.chat.model=" + model, "grok.base-url=https://gateway.example.com/v1")
			.run((context) -> assertThat(context).hasNotFailed());
		this.starter
			.withPropertyValues("grok.chat.model=" + model, "grok.models.[" + model + "].price.input=1",
					"grok.models.[" + model + "].price.output=1")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void aTokenLimitThatIsOnlyInheritedIsNotWorthAWord(CapturedOutput output) {
		this.starter.withPropertyValues("grok.chat.max-tokens=100", "grok.clients.team.model=grok-4.20-multi-agent")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(output).doesNotContain("token limit");
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "grok-4.3", "grok-4.7", "grok-4.5-latest", "grok-4.20", "grok-4.20-beta-reasoning" })
	void aCurrentModelIsNotWorthAWord(String model, CapturedOutput output) {
		this.starter.withPropertyValues("grok.chat.model=" + model).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(output).doesNotContain("WARN");
		});
	}

	@Test
	void anEffortThatAClientOnlyInheritsIsAdaptedLater(CapturedOutput output) {
		this.starter
			.withPropertyValues("grok.chat.reasoning-effort=none", "grok.clients.quick.model=grok-4.20-non-reasoning")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean("quickChatClient")).isNotNull();
				assertThat(output).containsOnlyOnce("WARN")
					.contains("'grok.chat.reasoning-effort' is 'none', which 'grok-4.20-non-reasoning' rejects;"
							+ " no effort is sent.");
			});
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			drop | low' is sent instead
			fail | requests that do not set an effort fail
			pass | it is sent anyway
			""")
	void whatBecomesOfAnInheritedEffortIsSaid(String onUnsupported, String consequence, CapturedOutput output) {
		this.starter
			.withPropertyValues("grok.scrub.on-unsupported=" + onUnsupported, "grok.chat.reasoning-effort=none",
					"grok.clients.one.model=grok-4.7", "grok.clients.other.model=grok-4.7")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean("oneChatClient")).isNotSameAs(context.getBean("otherChatClient"));
				assertThat(output).containsOnlyOnce("WARN").contains(consequence);
			});
	}

	@ParameterizedTest
	@EnumSource(GrokChatProperties.ReasoningEffort.class)
	void whatIsSaidToBeSentIsWhatTheScrubberSends(GrokChatProperties.ReasoningEffort effort, CapturedOutput output) {
		String value = effort.name().toLowerCase(Locale.ROOT);
		Map<String, ModelOverride> overrides = Map.of("grok-4.3", efforts("none", "high"), "grok-4.7",
				efforts("low", "xhigh"), "grok-4.6", efforts("medium"), "grok-4.5", efforts("none"));
		ModelCatalog catalog = ModelCatalog.bundled(overrides);
		Scrubber scrubber = Scrubber.create(catalog, OnUnsupported.DROP, false);
		ModelValidator checks = checks(catalog, NOVEMBER);
		for (String name : List.of("grok-4.3", "grok-4.7", "grok-4.6", "grok-4.5", "grok-4.20")) {
			Scrubbed sent = scrubber.scrub(GrokChatOptions.builder().model(name).reasoningEffort(value).build());
			checks.check(inheriting(name, effort));
			String warning = "'grok.chat.reasoning-effort' is '" + value + "', which '" + name + "' rejects; ";
			if (sent == null) {
				assertThat(output).doesNotContain(warning);
				continue;
			}
			String instead = sent.options().getReasoningEffort();
			assertThat(output).contains(warning + ((instead != null) ? "'" + instead + "' is" : "no effort is"));
		}
	}

	@Test
	void clientsThatInheritAModelInheritItsWarning(CapturedOutput output) {
		this.starter
			.withPropertyValues("grok.chat.model=grok-4-fast", "grok.clients.one.temperature=1",
					"grok.clients.other.temperature=0")
			.run((context) -> {
				assertThat(context.getBean("oneChatClient")).isNotSameAs(context.getBean("otherChatClient"));
				assertThat(output).containsOnlyOnce("WARN").contains("'grok.chat.model' is 'grok-4-fast'");
			});
	}

	@Test
	void whoHasAnEffortIsAdvisedNone(CapturedOutput output) {
		this.starter.withPropertyValues("grok.chat.model=grok-4-fast", "grok.chat.reasoning-effort=high")
			.run((context) -> assertThat(output).containsOnlyOnce("WARN")
				.contains("Set the property to 'grok-4.3'.")
				.doesNotContain("effort 'low'"));
	}

	@Test
	void aModelWithoutAReplacementThatXaiNamesHasANearestOne(CapturedOutput output) {
		this.starter.withPropertyValues("grok.chat.model=grok-3-fast")
			.run((context) -> assertThat(output)
				.contains("requests for it are likely to fail. 'grok-4.3' is the most similar current model: 1.25 USD")
				.contains(
						"instead of 5.00 USD per million input tokens and 25.00 USD per million output tokens. Set the property to 'grok-4.3'.")
				.doesNotContain("xAI names"));
	}

	@Test
	void aModelThatWasRedirectedOnAnUnknownDayIsWarnedAbout(CapturedOutput output) {
		this.starter.withPropertyValues("grok.chat.model=grok-3-mini")
			.run((context) -> assertThat(output)
				.contains("which xAI retired. 'grok-4.3' answers in its place with reasoning effort 'low'")
				.contains("instead of 0.30 USD per million input tokens and 0.50 USD per million output tokens"));
	}

	@Test
	void whoRefreshesIsNotWarnedOfWhatMayBeLearned(CapturedOutput output) {
		this.starter.withPropertyValues("grok.chat.model=grok-5")
			.run((context) -> assertThat(output).containsOnlyOnce("WARN").contains("'grok.catalog.refresh'"));
		String before = output.toString();
		this.starter.withPropertyValues("grok.chat.model=grok-5", "grok.catalog.refresh=6h")
			.run((context) -> assertThat(output.toString().substring(before.length())).doesNotContain("WARN"));
	}

	@Test
	void thePriceOfTheReplacementIsThatOfTheDay(CapturedOutput output) {
		byte[] list = "{\"models\":[{\"id\":\"grok-4.3\",\"prompt_text_token_price\":10000,\"completion_text_token_price\":20000}]}"
			.getBytes(StandardCharsets.UTF_8);
		RefreshableModelCatalog catalog = RefreshableModelCatalog.create(Map.of(), () -> Mono.just(list),
				InstantSource.fixed(NOVEMBER));
		assertThat(catalog.refresh().block()).isTrue();
		GrokClientSettings client = GrokClientSettings.ofDefault(chat("grok-4-fast", null));
		checks(catalog, NOVEMBER.minusSeconds(1)).check(client);
		assertThat(output)
			.contains("1.25 USD per million input tokens and 2.50 USD per million output tokens instead of 0.20 USD")
			.doesNotContain(": 1.00 USD");
		checks(catalog, NOVEMBER).check(client);
		assertThat(output)
			.contains(": 1.00 USD per million input tokens and 2.00 USD per million output tokens instead of 0.20 USD");
	}

	private static ModelValidator checks(ModelCatalog catalog, Instant now) {
		return new ModelValidator(catalog, false, OnUnsupported.DROP, Clock.fixed(now, ZoneOffset.UTC), "api.x.ai",
				false);
	}

	private static ModelOverride efforts(String... efforts) {
		return new ModelOverride(Set.of(), null, null, null, List.of(efforts), null);
	}

	private static GrokClientSettings inheriting(String model, GrokChatProperties.ReasoningEffort effort) {
		return GrokClientSettings.ofNamed("one", chat(model, null), chat(null, effort));
	}

	private static GrokChatProperties chat(String model, GrokChatProperties.ReasoningEffort effort) {
		return new GrokChatProperties(null, null, model, null, null, null, null, null, null, null, null, effort, null,
				null, null, null, null, null, null, null);
	}

	@ParameterizedTest
	@CsvSource({ "grok.chat.model, grok-4.3", "grok.chat.model, grok-3", "grok.clients.one.model, grok-4.20",
			"grok.fallback.models, grok-4.5" })
	void aModelThatTheRegionalHostDoesNotServeEndsTheStart(String property, String model) {
		this.starter
			.withPropertyValues("grok.base-url=https://us.api.x.ai/v1", "grok.chat.model=grok-4.7",
					property + "=" + model)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(GrokConfigurationException.class)
				.hasMessageContaining("'" + property + "' is '" + model + "', which us.api.x.ai does not serve")
				.hasMessageContaining("'grok-4.7', 'grok-4.6'"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "grok-4.7", "grok-4.6", "grok-5" })
	void aModelThatTheRegionalHostServesOrThatIsNotKnownStarts(String model) {
		this.starter.withPropertyValues("grok.base-url=https://us.api.x.ai/v1", "grok.chat.model=" + model)
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@ParameterizedTest
	@CsvSource({ "https://us.api.x.ai/v1, grok-4.3, us.api.x.ai does not serve",
			"https://api.x.ai/v1, grok-build-0.1, xAI has retired" })
	void aModelThatCannotAnswerIsNoModelToDowngradeTo(String baseUrl, String model, String problem) {
		this.starter
			.withPropertyValues("grok.base-url=" + baseUrl, "grok.chat.model=grok-4.7", "grok.budgets.daily.limit=1",
					"grok.budgets.daily.on-exceeded=downgrade", "grok.budgets.daily.downgrade-model=" + model)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("'grok.budgets.daily.downgrade-model' is '" + model + "', which " + problem));
	}

	@Test
	void aModelThatTheApplicationAddsIsNotJudgedByTheRegionalHost() {
		this.starter
			.withPropertyValues("grok.base-url=https://us.api.x.ai/v1", "grok.chat.model=grok-5",
					"grok.models.[grok-5].context-window=1000")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void aRegionOfAModelCanBeConfigured() {
		this.starter
			.withPropertyValues("grok.base-url=https://us.api.x.ai/v1", "grok.chat.model=grok-4.3",
					"grok.models.[grok-4.3].regions=us")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void effortsAreThoseOfTheCatalogueAsItIsConfigured() {
		this.starter
			.withPropertyValues("grok.chat.model=grok-4.20-reasoning", "grok.chat.reasoning-effort=high",
					"grok.models.[grok-4.20-0309-reasoning].reasoning-efforts=low,high")
			.run((context) -> assertThat(context).hasNotFailed());
	}

}
