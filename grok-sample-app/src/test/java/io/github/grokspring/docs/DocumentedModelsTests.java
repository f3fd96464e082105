package io.github.grokspring.docs;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.grokspring.test.RecordedRequest;
import io.github.grokspring.test.XaiServer;
import org.junit.jupiter.api.Test;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs what {@code docs/models-and-parameters.md} and
 * {@code docs/migration-from-openai.md} show.
 */
class DocumentedModelsTests {

	private final ApplicationContextRunner application = new ApplicationContextRunner()
		.withInitializer(new ConfigDataApplicationContextInitializer())
		.withUserConfiguration(DocsApplication.class)
		.withBean(XaiServer.class, XaiServer::start);

	@Test
	void whatIsLeftOutIsInTheMetadata() {
		this.application.withPropertyValues("grok.chat.presence-penalty=0.5").run((context) -> {
			assertThat(models(context).leftOut("Hello")).containsExactly("presence_penalty");
			xai(context).lastRequest().hasNoParameter("presence_penalty");
		});
		this.application.run((context) -> assertThat(models(context).leftOut("Hello")).isEmpty());
	}

	@Test
	void anApplicationMayBeToldInstead() {
		this.application
			.withPropertyValues("spring.config.location=classpath:docs/scrub.yml", "grok.chat.presence-penalty=0.5")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("'grok.chat.presence-penalty' is set, but"));
	}

	@Test
	void whatIsKnownBetterHolds() {
		this.application
			.withPropertyValues("spring.config.location=classpath:docs/overridden-model.yml", "grok.chat.seed=1",
					"grok.clients.quick.seed=2", "grok.clients.quick.model=grok-4.7", "grok.chat.top-p=0.5")
			.run((context) -> {
				assertThat(models(context).leftOut("Hello")).containsExactly("seed");
				xai(context).lastRequest().hasNoParameter("seed").hasParameter("top_p");
				context.getBean("quick", ChatClient.class).prompt("Hello").call().content();
				xai(context).lastRequest().hasParameter("seed");
			});
	}

	@Test
	void redirectsAreTold() {
		List<String> audit = new CopyOnWriteArrayList<>();
		this.application.withUserConfiguration(Models.Auditing.class)
			.withBean("audit", List.class, () -> audit)
			.withPropertyValues("grok.chat.model=grok-4")
			.run((context) -> {
				models(context).leftOut("Hello");
				assertThat(audit).containsExactly("grok-4 was answered by grok-4.3");
			});
	}

	@Test
	void optionsOfOpenAiAndOfGrokSayTheSame() {
		this.application.withPropertyValues("spring.config.location=classpath:docs/migration.yml").run((context) -> {
			models(context).asBefore("Hello");
			assertThatOptionsArrived(xai(context).lastRequest());
			models(context).nowadays("Hello");
			assertThatOptionsArrived(xai(context).lastRequest());
		});
	}

	private static void assertThatOptionsArrived(RecordedRequest request) {
		assertThat(request.parameter("model").stringValue()).isEqualTo("grok-4.3");
		assertThat(request.parameter("temperature").doubleValue()).isEqualTo(0.1);
		assertThat(request.parameter("max_completion_tokens").intValue()).isEqualTo(300);
		assertThat(request.parameter("reasoning_effort").stringValue()).isEqualTo("low");
	}

	private static Models models(ApplicationContext context) {
		return new Models(context.getBean(ChatClient.class));
	}

	private static XaiServer xai(ApplicationContext context) {
		return context.getBean(XaiServer.class);
	}

}
