package io.github.grokspring.autoconfigure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a person reads at start about the models of clients.
 */
@ExtendWith(OutputCaptureExtension.class)
class ModelChecksTests {

	private final ApplicationContextRunner starter = ContextRunners.starterWithKey();

	@Test
	void aRetiredModelThatIsAnsweredByAnotherIsWarnedAboutWithThePriceOfBoth(CapturedOutput output) {
		this.starter.withPropertyValues("grok.chat.model=grok-4-1-fast-reasoning").run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(output)
				.contains("'grok.chat.model' is 'grok-4-1-fast-reasoning', which xAI retired on 2026-05-15")
				.contains("'grok-4.3' answers in its place with reasoning effort 'low' and at its own price")
				.contains(
						"1.25 USD per million tokens in and 2.5 out, where it was 0.2 USD per million tokens in and 0.5 out")
				.contains("Write 'grok-4.3' and reasoning-effort 'low' to keep what you get.");
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
			assertThat(output).contains("'grok.chat.model' is 'grok-4-5', which is not in the catalogue of models")
				.contains("'grok-4.5'")
				.contains("'grok.models'");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "grok-4.3", "grok-4.7-latest", "grok-4.20", "grok-latest", "grok-build-0.1" })
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
				assertThat(output).doesNotContain("WARN");
			});
	}

	@Test
	void effortsAreThoseOfTheCatalogueAsItIsConfigured() {
		this.starter
			.withPropertyValues("grok.chat.model=grok-4.20-reasoning", "grok.chat.reasoning-effort=high",
					"grok.models.[grok-4.20-0309-reasoning].reasoning-efforts=low,high")
			.run((context) -> assertThat(context).hasNotFailed());
	}

}
