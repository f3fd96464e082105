package io.github.grokspring.autoconfigure;

import io.github.grokspring.catalog.ModelCatalog;
import org.junit.jupiter.api.Test;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.aot.ApplicationContextAotGenerator;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a native image is told to keep.
 */
class RuntimeHintsTests {

	private final RuntimeHints hints = process();

	@Test
	void theCatalogueIsThereAndKept() {
		String resource = "io/github/grokspring/catalog/models.json";
		assertThat(ModelCatalog.class.getClassLoader().getResource(resource)).isNotNull();
		assertThat(RuntimeHintsPredicates.resource().forResource(resource)).accepts(this.hints);
	}

	@Test
	void propertiesCanBeBound() {
		for (Class<?> type : new Class<?>[] { GrokProperties.class, GrokChatProperties.class, GrokHttpProperties.class,
				GrokHealthProperties.class, GrokBudgetsProperties.Entry.class, GrokModelsProperties.Model.class,
				GrokToolsProperties.class }) {
			assertThat(RuntimeHintsPredicates.reflection().onType(type)).as(type.getName()).accepts(this.hints);
			assertThat(RuntimeHintsPredicates.reflection().onConstructorInvocation(type.getDeclaredConstructors()[0]))
				.as(type.getName())
				.accepts(this.hints);
		}
	}

	private static RuntimeHints process() {
		TestGenerationContext generation = new TestGenerationContext(RuntimeHintsTests.class);
		AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
		TestPropertyValues.of("grok.api-key=" + ContextRunners.KEY).applyTo(context);
		context.register(AheadOfTimeTests.Application.class);
		new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
		return generation.getRuntimeHints();
	}

}
