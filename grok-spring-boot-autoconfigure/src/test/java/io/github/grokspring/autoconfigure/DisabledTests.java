package io.github.grokspring.autoconfigure;

import java.util.List;

import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.RecordingChatModel;
import io.github.grokspring.error.GrokDisabledException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.model.chat.client.autoconfigure.ChatClientAutoConfiguration;
import org.springframework.ai.model.tool.autoconfigure.ToolCallingAutoConfiguration;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Applications in which Grok is disabled.
 */
@ExtendWith(OutputCaptureExtension.class)
class DisabledTests {

	private final ApplicationContextRunner disabled = ContextRunners.starter()
		.withConfiguration(AutoConfigurations.of(GrokDisabledAutoConfiguration.class))
		.withPropertyValues("grok.enabled=false", "grok.clients.fast.model=grok-4.5");

	@Test
	void nothingIsThereByDefault() {
		this.disabled.run((context) -> assertThat(context).hasNotFailed()
			.doesNotHaveBean(ChatModel.class)
			.doesNotHaveBean(ChatClient.class));
	}

	@Test
	void stubsFailEveryCall() {
		this.disabled.withPropertyValues("grok.when-disabled=stub").run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean(GrokChatModel.class)).isSameAs(context.getBean(ChatModel.class));
			for (ChatClient client : List.of(context.getBean(ChatClient.class),
					context.getBean("fast", ChatClient.class), context.getBean(ChatClient.Builder.class).build())) {
				assertThatExceptionOfType(GrokDisabledException.class)
					.isThrownBy(() -> client.prompt("Hello").call().content())
					.withMessageContaining("'grok.enabled'");
				assertThatExceptionOfType(GrokDisabledException.class)
					.isThrownBy(() -> client.prompt("Hello").stream().content().blockLast());
			}
		});
	}

	@Test
	void stubGivesWayToOtherModels() {
		this.disabled.withPropertyValues("grok.when-disabled=stub")
			.withBean("mine", ChatModel.class, RecordingChatModel::new)
			.run((context) -> assertThat(context.getBean(ChatModel.class)).isInstanceOf(RecordingChatModel.class));
		this.disabled.withPropertyValues("grok.when-disabled=stub", "spring.ai.model.chat=none")
			.run((context) -> assertThat(context).doesNotHaveBean(ChatModel.class).hasBean("grokChatClient"));
	}

	@Test
	void enabledApplicationsHaveNoStubs() {
		ContextRunners.starterWithKey()
			.withConfiguration(AutoConfigurations.of(GrokDisabledAutoConfiguration.class))
			.withPropertyValues("grok.when-disabled=stub")
			.run((context) -> assertThat(context).doesNotHaveBean(GrokDisabledAutoConfiguration.class)
				.hasBean("grokChatClient"));
	}

	@ParameterizedTest
	@ValueSource(classes = { NeedsClient.class, NeedsModel.class, NeedsBuilder.class })
	void missingBeansAreExplainedWithTheProperty(Class<?> needs, CapturedOutput output) {
		SpringApplication application = new SpringApplication(Application.class, needs);
		application.setWebApplicationType(WebApplicationType.NONE);
		application.setBannerMode(Banner.Mode.OFF);
		assertThatThrownBy(() -> application.run("--grok.enabled=false")).isNotNull();
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("is required, but 'grok.enabled' is 'false'")
			.contains("set 'grok.when-disabled' to 'stub'");
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ ToolCallingAutoConfiguration.class, ChatClientAutoConfiguration.class,
			GrokAutoConfiguration.class, GrokChatClientAutoConfiguration.class, GrokDisabledAutoConfiguration.class })
	static class Application {

	}

	static class NeedsClient {

		NeedsClient(ChatClient client) {
		}

	}

	static class NeedsModel {

		NeedsModel(ChatModel model) {
		}

	}

	static class NeedsBuilder {

		NeedsBuilder(ChatClient.Builder builder) {
		}

	}

}
