package io.github.grokspring.autoconfigure;

import io.github.grokspring.actuate.GrokInfoContributor;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.test.XaiServer;
import org.junit.jupiter.api.Test;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.model.chat.client.autoconfigure.ChatClientAutoConfiguration;
import org.springframework.ai.model.tool.autoconfigure.ToolCallingAutoConfiguration;
import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.health.registry.HealthContributorRegistry;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.test.tools.CompileWithForkedClassLoader;
import org.springframework.core.test.tools.Compiled;
import org.springframework.core.test.tools.TestCompiler;
import org.springframework.javapoet.ClassName;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application that was processed ahead of time is the same application.
 */
class AheadOfTimeTests {

	private static final String[] NAMES = { "grok.clients.fast.model=grok-4.5",
			"grok.clients.deep-thought.model=grok-4.6" };

	@Test
	@CompileWithForkedClassLoader
	void namedClientsWorkWithPropertiesOfTheRun() {
		TestGenerationContext generation = new TestGenerationContext(AheadOfTimeTests.class);
		ClassName initializer = process(generation);
		generation.writeGeneratedContent();
		try (XaiServer xai = XaiServer.start()) {
			TestCompiler.forSystem().with(generation).compile((compiled) -> start(compiled, initializer, xai));
		}
	}

	private static ClassName process(TestGenerationContext generation) {
		AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
		TestPropertyValues.of(NAMES).and("grok.api-key=" + ContextRunners.KEY).applyTo(context);
		context.register(Application.class);
		return new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
	}

	@SuppressWarnings("unchecked")
	private static void start(Compiled compiled, ClassName initializer, XaiServer xai) {
		try (GenericApplicationContext context = new GenericApplicationContext()) {
			TestPropertyValues.of(NAMES)
				.and("grok.clients.deep-thought.model=grok-4.7", "grok.api-key=" + xai.apiKey(),
						"grok.base-url=" + xai.baseUrl())
				.applyTo(context);
			compiled.getInstance(ApplicationContextInitializer.class, initializer.canonicalName()).initialize(context);
			context.refresh();
			Application application = context.getBean(Application.class);
			assertThat(application.model).isInstanceOf(GrokChatModel.class);
			assertThat(application.client).isSameAs(context.getBean("grokChatClient"))
				.isSameAs(context.getBean(ChatClient.class));
			assertThat(application.fast).isSameAs(context.getBean("fastChatClient"));
			assertThat(application.deep).isSameAs(context.getBean("deepThoughtChatClient"))
				.isSameAs(context.getBean("deepThought"));
			assertThat(application.deep.prompt("hi").call().content()).isNotEmpty();
			assertThat(xai.lastRequest().parameter("model").asString()).isEqualTo("grok-4.7");
			assertThat(application.fast.prompt("hi").call().content()).isNotEmpty();
			assertThat(xai.lastRequest().parameter("model").asString()).isEqualTo("grok-4.5");
			assertThat(application.client.prompt("hi").call().content()).isNotEmpty();
			assertThat(xai.lastRequest().parameter("model").asString()).isEqualTo("grok-4.3");
			HealthIndicator health = (HealthIndicator) context.getBean(HealthContributorRegistry.class)
				.getContributor("grok");
			assertThat(health).isNotNull();
			assertThat(health.health().getStatus()).isEqualTo(Status.UP);
			assertThat(context.getBean(InfoContributor.class)).isInstanceOf(GrokInfoContributor.class);
		}
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ SslAutoConfiguration.class, ToolCallingAutoConfiguration.class,
			ChatClientAutoConfiguration.class, HealthContributorRegistryAutoConfiguration.class,
			GrokAutoConfiguration.class, GrokChatClientAutoConfiguration.class, GrokHealthAutoConfiguration.class,
			GrokInfoAutoConfiguration.class })
	static class Application {

		@Autowired
		ChatModel model;

		@Autowired
		ChatClient client;

		@Autowired
		@Qualifier("fast")
		ChatClient fast;

		@Autowired
		@Qualifier("deep-thought")
		ChatClient deep;

	}

}
