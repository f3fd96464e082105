package io.github.grokspring.golden;

import java.lang.reflect.Modifier;
import java.math.BigDecimal;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

import io.github.grokspring.autoconfigure.GrokConnectionDetails;
import io.github.grokspring.budget.Budget;
import io.github.grokspring.budget.BudgetSettings;
import io.github.grokspring.budget.BudgetStore;
import io.github.grokspring.budget.BudgetWindow;
import io.github.grokspring.budget.Budgets;
import io.github.grokspring.cache.ResponseStore;
import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.Sleeper;
import io.github.grokspring.redaction.PromptGuard;
import io.github.grokspring.scrub.OnUnsupported;
import io.github.grokspring.scrub.Scrubber;
import io.github.grokspring.test.XaiServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.model.openai.autoconfigure.OpenAiChatAutoConfiguration;
import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.jackson.JacksonEndpointAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.annotation.Configurations;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.AbstractApplicationContextRunner;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.test.tools.CompileWithForkedClassLoader;
import org.springframework.core.test.tools.TestCompiler;
import org.springframework.javapoet.ClassName;
import org.springframework.retry.support.RetryTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Names, aliases, public types and flags of the beans that the starter defines, in
 * applications of several kinds. Properties are shown by their prefix, classes that are
 * not public by the public types that they have. {@code -Dgolden.write=true} regenerates
 * the files.
 */
class BeansTests {

	private static final String OURS = "io.github.grokspring.";

	private static final String[] PROPERTIES = { "grok.clients.fast.model=grok-4.5",
			"grok.clients.deep-thought.model=grok-4.7", "management.endpoints.web.exposure.include=grok" };

	private static final Class<?>[] ACTUATOR = { EndpointAutoConfiguration.class,
			JacksonEndpointAutoConfiguration.class, HealthContributorRegistryAutoConfiguration.class };

	private final ApplicationContextRunner runner = Applications.starter()
		.withConfiguration(AutoConfigurations.of(ACTUATOR))
		.withBean(SimpleMeterRegistry.class)
		.withPropertyValues(PROPERTIES)
		.withPropertyValues("grok.api-key=" + XaiServer.API_KEY);

	@Test
	void plainApplication() {
		verify("plain", this.runner);
	}

	@Test
	void everyFeatureEnabled() {
		verify("every-feature",
				this.runner
					.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class,
							DataSourceTransactionManagerAutoConfiguration.class, JdbcTemplateAutoConfiguration.class))
					.withBean(XaiServer.class, XaiServer::start)
					.withPropertyValues("spring.ai.model.chat=grok", "grok.cache.enabled=true",
							"grok.redaction.enabled=true", "grok.prompt-guard.enabled=true", "grok.memory.store=jdbc",
							"grok.budgets.daily.limit=1", "grok.fallback.models=grok-4.5", "grok.catalog.refresh=1h",
							"grok.rate-limit.requests-per-minute=10", "grok.clients.bridge.transport=spring-ai",
							"grok.tokenizer.mode=hybrid", "grok.context.on-overflow=trim", "grok.warm-up=true"));
	}

	@Test
	void reactiveApplication() {
		verify("reactive",
				new ReactiveWebApplicationContextRunner()
					.withConfiguration(AutoConfigurations.of(Applications.autoConfigurations()))
					.withConfiguration(AutoConfigurations.of(ACTUATOR))
					.withBean(SimpleMeterRegistry.class)
					.withPropertyValues(PROPERTIES)
					.withPropertyValues("grok.api-key=" + XaiServer.API_KEY));
	}

	@Test
	void besideOpenAi() {
		verify("beside-openai", this.runner.withConfiguration(AutoConfigurations.of(OpenAiChatAutoConfiguration.class))
			.withPropertyValues("spring.ai.openai.api-key=sk-not-real"));
	}

	@Test
	void withoutActuator() {
		verify("without-actuator", Applications.starter()
			.withBean(SimpleMeterRegistry.class)
			.withPropertyValues(PROPERTIES)
			.withPropertyValues("grok.api-key=" + XaiServer.API_KEY)
			.withClassLoader(
					new FilteredClassLoader("org.springframework.boot.actuate", "org.springframework.boot.health")));
	}

	@Test
	void withoutMicrometer() {
		verify("without-micrometer",
				Applications.starter()
					.withConfiguration(AutoConfigurations.of(ACTUATOR))
					.withPropertyValues(PROPERTIES)
					.withPropertyValues("grok.api-key=" + XaiServer.API_KEY)
					.withClassLoader(new FilteredClassLoader("io.micrometer.core")));
	}

	@Test
	void beansOfTheApplicationReplaceOurs() {
		verify("replaced", this.runner.withUserConfiguration(OwnBeans.class)
			.withPropertyValues("grok.cache.enabled=true", "grok.prompt-guard.enabled=true"));
	}

	@Test
	void disabled() {
		verify("disabled", this.runner.withPropertyValues("grok.enabled=false"));
	}

	@Test
	void disabledWithStubs() {
		verify("disabled-with-stubs", this.runner.withPropertyValues("grok.enabled=false", "grok.when-disabled=stub"));
	}

	@Test
	@CompileWithForkedClassLoader
	void processedAheadOfTime() {
		TestGenerationContext generation = new TestGenerationContext(BeansTests.class);
		AnnotationConfigApplicationContext processed = new AnnotationConfigApplicationContext();
		TestPropertyValues.of(PROPERTIES).and("grok.api-key=" + XaiServer.API_KEY).applyTo(processed);
		List<Class<?>> classes = new ArrayList<>(Arrays.asList(ACTUATOR));
		classes.addAll(Arrays.asList(Applications.autoConfigurations()));
		processed.register(Configurations.getClasses(AutoConfigurations.of(classes.toArray(Class<?>[]::new))));
		processed.registerBean(SimpleMeterRegistry.class);
		ClassName initializer = new ApplicationContextAotGenerator().processAheadOfTime(processed, generation);
		generation.writeGeneratedContent();
		TestCompiler.forSystem().with(generation).compile((compiled) -> {
			try (GenericApplicationContext context = new GenericApplicationContext()) {
				TestPropertyValues.of(PROPERTIES).and("grok.api-key=" + XaiServer.API_KEY).applyTo(context);
				initialize(compiled.getInstance(ApplicationContextInitializer.class, initializer.canonicalName()),
						context);
				context.refresh();
				Golden.verify("beans-ahead-of-time.txt", beans(context));
			}
		});
	}

	@SuppressWarnings({ "unchecked", "rawtypes" })
	private static void initialize(ApplicationContextInitializer initializer, GenericApplicationContext context) {
		initializer.initialize(context);
	}

	private static void verify(String name, AbstractApplicationContextRunner<?, ?, ?> application) {
		application.run((context) -> {
			assertThat(context.getStartupFailure()).isNull();
			Golden.verify("beans-" + name + ".txt",
					beans((ConfigurableApplicationContext) context.getSourceApplicationContext()));
		});
	}

	private static String beans(ConfigurableApplicationContext context) {
		ConfigurableListableBeanFactory factory = context.getBeanFactory();
		Set<String> lines = new TreeSet<>();
		for (String name : factory.getBeanDefinitionNames()) {
			RootBeanDefinition definition = (RootBeanDefinition) factory.getMergedBeanDefinition(name);
			Class<?> type = type(factory, name, definition);
			if (isOurs(factory, name, definition, type)
					&& !AnnotatedElementUtils.hasAnnotation(type, Configuration.class)) {
				lines.add(line(factory, name, definition, type));
			}
		}
		return String.join("\n", lines) + "\n";
	}

	private static Class<?> type(ConfigurableListableBeanFactory factory, String name, RootBeanDefinition definition) {
		Class<?> declared = definition.getResolvableType().resolve();
		return (declared != null && declared != Object.class) ? declared
				: Objects.requireNonNullElse(factory.getType(name, false), Object.class);
	}

	private static boolean isOurs(ConfigurableListableBeanFactory factory, String name, RootBeanDefinition definition,
			Class<?> type) {
		return name.startsWith("grok") || name.endsWith("ChatClient") || type.getName().startsWith(OURS)
				|| isOurs(definition.getBeanClassName())
				|| (definition.getFactoryBeanName() != null && factory.containsBean(definition.getFactoryBeanName())
						&& isOurs(Objects.requireNonNull(factory.getType(definition.getFactoryBeanName(), false))
							.getName()));
	}

	private static boolean isOurs(@Nullable String className) {
		return className != null && className.startsWith(OURS);
	}

	private static String line(ConfigurableListableBeanFactory factory, String name, AbstractBeanDefinition definition,
			Class<?> type) {
		List<String> parts = new ArrayList<>();
		ConfigurationProperties properties = type.getAnnotation(ConfigurationProperties.class);
		if (properties != null) {
			parts.add("properties " + name.substring(0, name.indexOf('-' + OURS)));
		}
		else {
			parts.add(name.contains(OURS) ? "(class name)" : name);
			parts.add(String.join(", ", publicTypes(type)));
		}
		String[] aliases = factory.getAliases(name);
		Arrays.sort(aliases);
		if (aliases.length > 0) {
			parts.add("aliases " + String.join(", ", aliases));
		}
		flag(parts, definition.isPrimary(), "primary");
		flag(parts, definition.isFallback(), "fallback");
		flag(parts, !definition.isAutowireCandidate(), "no autowire candidate");
		flag(parts, !definition.isDefaultCandidate(), "no default candidate");
		flag(parts, definition.isLazyInit(), "lazy");
		flag(parts, !definition.isSingleton(), String.valueOf(definition.getScope()));
		return String.join(" | ", parts);
	}

	private static void flag(List<String> parts, boolean present, String name) {
		if (present) {
			parts.add(name);
		}
	}

	/**
	 * The type itself if it is public, else the closest public types that it has.
	 */
	private static Set<String> publicTypes(@Nullable Class<?> type) {
		Set<String> types = new TreeSet<>();
		if (type == null || type == Object.class || type == Record.class) {
			return types;
		}
		if (isPublic(type)) {
			types.add(type.getSimpleName());
			return types;
		}
		types.addAll(publicTypes(type.getSuperclass()));
		for (Class<?> contract : type.getInterfaces()) {
			types.addAll(publicTypes(contract));
		}
		return types;
	}

	private static boolean isPublic(Class<?> type) {
		return Modifier.isPublic(type.getModifiers())
				&& (type.getEnclosingClass() == null || isPublic(type.getEnclosingClass()));
	}

	/**
	 * Beans that an application defines itself.
	 */
	@Configuration(proxyBeanMethods = false)
	static class OwnBeans {

		@Bean
		ChatClient ownChatClient(ChatModel model) {
			return ChatClient.create(model);
		}

		@Bean
		GrokConnectionDetails ownConnectionDetails() {
			return new GrokConnectionDetails() {

				@Override
				public String getBaseUrl() {
					return "https://api.x.ai/v1";
				}

				@Override
				public String getApiKey() {
					return XaiServer.API_KEY;
				}

			};
		}

		@Bean
		ModelCatalog ownCatalog() {
			return ModelCatalog.bundled();
		}

		@Bean
		Scrubber ownScrubber(ModelCatalog catalog) {
			return Scrubber.create(catalog, OnUnsupported.DROP, false);
		}

		@Bean
		RetryTemplate ownRetryTemplate() {
			return RetryTemplate.defaultInstance();
		}

		@Bean
		Sleeper ownWaiting() {
			return Sleeper.system();
		}

		@Bean
		BudgetStore ownBudgetStore() {
			return BudgetStore.inMemory(Clock.systemUTC());
		}

		@Bean
		Budgets ownBudgets(BudgetStore store) {
			return Budgets.of(List.of(Budget.of("own", BigDecimal.TEN, BudgetWindow.TOTAL)), store,
					BudgetSettings.DEFAULTS, (event) -> {
					}, Clock.systemUTC());
		}

		@Bean
		ResponseStore ownResponseStore() {
			return ResponseStore.local(10);
		}

		@Bean
		PromptGuard ownPromptGuard() {
			return PromptGuard.create("0123456789abcdef0123456789abcdef");
		}

	}

}
