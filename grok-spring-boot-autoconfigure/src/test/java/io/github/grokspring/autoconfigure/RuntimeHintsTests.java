package io.github.grokspring.autoconfigure;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;

import io.github.grokspring.actuate.GrokDescriptor;
import io.github.grokspring.actuate.GrokEndpointWebExtension;
import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.ratelimit.ModelRateLimits;
import org.junit.jupiter.api.Test;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
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

	@Test
	void namesOfPropertiesThatAreNotBoundAreKnown() {
		for (Class<?> type : GrokPropertyNames.TYPES) {
			assertThat(RuntimeHintsPredicates.reflection().onConstructorInvocation(type.getDeclaredConstructors()[0]))
				.as(type.getName())
				.accepts(this.hints);
		}
	}

	@Test
	void whatTheEndpointShowsCanBeWritten() {
		List<Class<?>> types = new ArrayList<>(List.of(GrokDescriptor.class, ModelRateLimits.class,
				ModelRateLimits.Rates.class, GrokEndpointWebExtension.ErrorBody.class));
		types.addAll(List.of(GrokDescriptor.class.getDeclaredClasses()));
		for (Class<?> type : types) {
			assertThat(type.isRecord()).as(type.getName()).isTrue();
			for (RecordComponent component : type.getRecordComponents()) {
				assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(component.getAccessor()))
					.as(type.getName() + "." + component.getName())
					.accepts(this.hints);
			}
		}
	}

	private static RuntimeHints process() {
		TestGenerationContext generation = new TestGenerationContext(RuntimeHintsTests.class);
		AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
		TestPropertyValues.of("grok.api-key=" + ContextRunners.KEY, "management.endpoints.web.exposure.include=grok")
			.applyTo(context);
		context.register(AheadOfTimeTests.Application.class, WithEndpoint.class);
		new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
		return generation.getRuntimeHints();
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ EndpointAutoConfiguration.class, GrokEndpointAutoConfiguration.class })
	static class WithEndpoint {

	}

}
