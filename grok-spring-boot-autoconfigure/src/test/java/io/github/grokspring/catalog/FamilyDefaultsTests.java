package io.github.grokspring.catalog;

import java.time.Instant;

import io.github.grokspring.catalog.GrokModel.Endpoint;
import io.github.grokspring.catalog.GrokModel.Reasoning;
import io.github.grokspring.catalog.GrokModel.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FamilyDefaults} and {@link SimilarNames}.
 */
class FamilyDefaultsTests {

	private final ModelCatalog catalog = ModelCatalog.bundled();

	@ParameterizedTest
	@CsvSource(textBlock = """
			grok-4.9,                       grok-4.7
			grok-5,                         grok-4.7
			grok-5-latest,                  grok-4.7
			grok-4.30,                      grok-4.7
			grok,                           grok-4.7
			grok-4.3-0501,                  grok-4.3
			grok-4.20-0401-reasoning,       grok-4.20-0309-reasoning
			grok-4.20-0401-non-reasoning,   grok-4.20-0309-non-reasoning
			grok-4-2-fast-non-reasoning,    grok-4.20-0309-non-reasoning
			grok-5-non-reasoning,           grok-4.20-0309-non-reasoning
			grok-4-2-fast-reasoning,        grok-4-0709
			grok-3-mini-0101,               grok-3-mini
			grok-3-something,               grok-3
			grok-5-multi-agent,             grok-4.20-multi-agent-0309
			grok-code-fast-2,               grok-code-fast-1
			grok-imagine-image-3.0,         grok-imagine-image
			grok-imagine-audio,             grok-imagine-image-2.0
			grok-imagine-video-2,           grok-imagine-video
			grok-build-0.2,                 grok-4.7
			grok-build,                     grok-4.7
			grok-4.21-reasoning,            grok-4.20-0309-reasoning
			grok-4.21-reasoning-latest,     grok-4.20-0309-reasoning
			grok-4.21-non-reasoning,        grok-4.20-0309-non-reasoning
			grok-reason-5,                  grok-4.7
			x-ai/grok-4.21-reasoning,       grok-4.20-0309-reasoning
			""")
	void unknownGrokHasDefaultsOfItsFamily(String name, String like) {
		GrokModel model = this.catalog.get(name);
		GrokModel relative = this.catalog.find(like);
		assertThat(this.catalog.find(name)).isNull();
		assertThat(model.known()).isFalse();
		assertThat(model.status()).isEqualTo(Status.CURRENT);
		assertThat(model.retirement()).isNull();
		assertThat(model.refusedParameters()).isEqualTo(relative.refusedParameters());
		assertThat(model.ignoredParameters()).isEqualTo(relative.ignoredParameters());
		assertThat(model.reasoning()).isEqualTo(relative.reasoning());
		assertThat(model.reasoningEfforts()).isEqualTo(relative.reasoningEfforts());
		assertThat(model.defaultReasoningEffort()).isEqualTo(relative.defaultReasoningEffort());
		assertThat(model.contextWindow()).isEqualTo(relative.contextWindow());
		assertThat(model.endpoints()).isNotEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "grok-4.9", "grok-4.3-0501", "grok-imagine-image-3.0", "gpt-5", "" })
	void unknownModelHasNoPrice(String name) {
		GrokModel model = this.catalog.get(name);
		assertThat(model.prices()).isEmpty();
		assertThat(model.pricesAt(Instant.EPOCH)).isNull();
		assertThat(model.aliases()).isEmpty();
		assertThat(model.checked()).isNull();
		assertThat(model.id()).endsWith("*");
	}

	@ParameterizedTest
	@ValueSource(strings = { "gpt-5", "llama", "x-ai/gpt-5", "grok-4.3/", "Grok", "" })
	void unknownModelRefusesOnlyWhatEveryModelRefuses(String name) {
		GrokModel model = this.catalog.get(name);
		assertThat(model.refusedParameters()).containsExactlyInAnyOrder("presence_penalty", "frequency_penalty",
				"search_parameters");
		assertThat(model.ignoredParameters()).isEmpty();
		assertThat(model.reasoning()).isEqualTo(Reasoning.CONFIGURABLE);
		assertThat(model.thinks(null)).isTrue();
		assertThat(model.reasoningEfforts()).containsExactly("none", "low", "medium", "high", "xhigh");
		assertThat(model.endpoints()).containsExactlyInAnyOrder(Endpoint.CHAT_COMPLETIONS, Endpoint.RESPONSES);
		assertThat(model.contextWindow()).isZero();
	}

	@Test
	void lookupsReturnSameInstance() {
		for (String name : new String[] { "grok-4.3", "grok-4.3-latest", "grok-4.3-0501", "grok-9", "gpt-5" }) {
			assertThat(this.catalog.get(name)).isEqualTo(this.catalog.get(new String(name)));
		}
	}

	@ParameterizedTest
	@CsvSource(textBlock = """
			grok-4-5,                  grok-4.5
			grok4.3,                   grok-4.3
			grok-4_6,                  grok-4.6
			GROK-4.7,                  grok-4.7
			gork-4.7,                  grok-4.7
			grok-4-20,                 grok-4.20-0309-reasoning
			grok-4.20-nonreasoning,    grok-4.20-0309-non-reasoning
			grok-4.20-multiagent,      grok-4.20-multi-agent-0309
			grok-imagine-vidoe,        grok-imagine-video
			""")
	void misspelledNameHasSimilarNames(String name, String meant) {
		assertThat(this.catalog.similar(name)).startsWith(meant).hasSizeLessThanOrEqualTo(3).doesNotHaveDuplicates();
	}

	@Test
	void newestModelsComeFirst() {
		assertThat(this.catalog.similar("grok-9")).containsExactly("grok-4.7", "grok-4.6", "grok-4.5");
	}

	@Test
	void unrelatedNameHasNoSimilarNames() {
		assertThat(this.catalog.similar("gpt-5-mini")).isEmpty();
		assertThat(this.catalog.similar("")).isEmpty();
		assertThat(this.catalog.similar("grok-4.7".repeat(10_000))).isEmpty();
	}

}
