package io.github.grokspring.autoconfigure;

import java.time.LocalDate;
import java.util.Map;

import io.github.grokspring.actuate.GrokInfoContributor;
import io.github.grokspring.catalog.GrokModel;
import io.github.grokspring.catalog.ModelCatalog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What {@code /actuator/info} says about Grok.
 */
class InfoConfigurationTests {

	private final ApplicationContextRunner runner = ContextRunners.starterWithKey()
		.withConfiguration(AutoConfigurations.of(GrokInfoAutoConfiguration.class));

	@Test
	void tellsTheModelAndTheDateOfTheCatalogue() {
		this.runner.withPropertyValues("grok.chat.model=grok-4.5").run((context) -> {
			Map<String, Object> grok = info(context.getBean(GrokInfoContributor.class));
			assertThat(grok).containsEntry("model", "grok-4.5").doesNotContainKey("version");
			assertThat(LocalDate.parse(grok.get("catalogDate").toString())).isAfter(LocalDate.of(2026, 1, 1));
		});
	}

	@Test
	void tellsTheVersionWhereItIsKnown() {
		assertThat(info(new GrokInfoContributor("0.1.0", "grok-4.3", ModelCatalog.bundled())))
			.containsEntry("version", "0.1.0")
			.containsKey("catalogDate");
	}

	@Test
	void theDateIsThatOfTheEntryThatWasCheckedLast() {
		LocalDate last = ModelCatalog.bundled()
			.models()
			.stream()
			.map(GrokModel::checked)
			.filter((date) -> date != null)
			.max(LocalDate::compareTo)
			.orElseThrow();
		assertThat(info(new GrokInfoContributor(null, "grok-4.3", ModelCatalog.bundled()))).containsEntry("catalogDate",
				last.toString());
	}

	@ParameterizedTest
	@ValueSource(strings = { "management.info.grok.enabled=false", "management.info.defaults.enabled=false",
			"grok.enabled=false" })
	void canBeSwitchedOff(String property) {
		this.runner.withPropertyValues(property)
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("grokInfoContributor"));
	}

	@Test
	void stepsBackBehindOneOfTheUsers() {
		InfoContributor own = (builder) -> builder.withDetail("grok", "own");
		this.runner.withBean("grokInfoContributor", InfoContributor.class, () -> own)
			.run((context) -> assertThat(context.getBean(InfoContributor.class)).isSameAs(own));
	}

	@Test
	void isNotThereWithoutTheActuator() {
		this.runner.withClassLoader(new FilteredClassLoader("org.springframework.boot.actuate"))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("grokInfoContributor"));
	}

	@SuppressWarnings("unchecked")
	private static Map<String, Object> info(InfoContributor contributor) {
		Info.Builder builder = new Info.Builder();
		contributor.contribute(builder);
		return (Map<String, Object>) builder.build().get("grok");
	}

}
