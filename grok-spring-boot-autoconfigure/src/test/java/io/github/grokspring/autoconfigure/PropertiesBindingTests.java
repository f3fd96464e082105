package io.github.grokspring.autoconfigure;

import java.time.Duration;
import java.util.List;

import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.GrokApi;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.connection.HttpSettings;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * From text to settings.
 */
class PropertiesBindingTests {

	@Test
	void defaultsAreThoseOfTheConnection() {
		GrokHttpProperties properties = new Binder().bindOrCreate("grok.http", GrokHttpProperties.class);
		assertThat(new PropertiesHttpSettings(properties, null).settings(BaseUrl.of(null)))
			.isEqualTo(HttpSettings.defaults());
	}

	@Test
	void everySettingOfTheConnectionCanBeWritten() {
		MockEnvironment environment = new MockEnvironment().withProperty("grok.http.connect-timeout", "1s")
			.withProperty("grok.http.read-timeout", "2s")
			.withProperty("grok.http.reasoning-read-timeout", "3s")
			.withProperty("grok.http.call-timeout", "4s")
			.withProperty("grok.http.stream-idle-timeout", "5s")
			.withProperty("grok.http.max-connections", "6")
			.withProperty("grok.http.max-idle-time", "7s")
			.withProperty("grok.http.protocol", "h2")
			.withProperty("grok.http.proxy.host", "proxy.example.com")
			.withProperty("grok.http.proxy.port", "8")
			.withProperty("grok.http.proxy.username", "user")
			.withProperty("grok.http.proxy.password", "secret")
			.withProperty("grok.http.headers.X-Team", "blue")
			.withProperty("grok.http.max-response-size", "9KB")
			.withProperty("grok.http.content-timeout", "10s")
			.withProperty("grok.http.tcp-keep-alive.idle", "11s")
			.withProperty("grok.http.tcp-keep-alive.interval", "12s")
			.withProperty("grok.http.tcp-keep-alive.count", "13");
		GrokHttpProperties properties = Binder.get(environment).bindOrCreate("grok.http", GrokHttpProperties.class);
		HttpSettings settings = new PropertiesHttpSettings(properties, null).settings(BaseUrl.of(null));
		assertThat(settings.connectTimeout()).isEqualTo(Duration.ofSeconds(1));
		assertThat(settings.readTimeout()).isEqualTo(Duration.ofSeconds(2));
		assertThat(settings.reasoningReadTimeout()).isEqualTo(Duration.ofSeconds(3));
		assertThat(settings.callTimeout()).isEqualTo(Duration.ofSeconds(4));
		assertThat(settings.streamIdleTimeout()).isEqualTo(Duration.ofSeconds(5));
		assertThat(settings.maxConnections()).isEqualTo(6);
		assertThat(settings.maxIdleTime()).isEqualTo(Duration.ofSeconds(7));
		assertThat(settings.protocol()).isEqualTo(HttpSettings.Protocol.H2);
		assertThat(settings.proxy()).isEqualTo(new HttpSettings.Proxy("proxy.example.com", 8, "user", "secret"));
		assertThat(settings.headers()).containsEntry("X-Team", "blue");
		assertThat(settings.maxResponseSize()).isEqualTo(DataSize.ofKilobytes(9));
		assertThat(settings.contentTimeout()).isEqualTo(Duration.ofSeconds(10));
		assertThat(settings.tcpKeepAlive())
			.isEqualTo(new HttpSettings.TcpKeepAlive(Duration.ofSeconds(11), Duration.ofSeconds(12), 13));
		assertThat(properties.toString()).doesNotContain("secret").doesNotContain("blue").contains("X-Team");
	}

	@Test
	void promptsAndKeysAreNotPrinted() {
		MockEnvironment environment = new MockEnvironment().withProperty("grok.api-key", "xai-secret")
			.withProperty("grok.clients.deep.model", "grok-4.5")
			.withProperty("grok.clients.deep.system", "You know the private plan.");
		GrokProperties properties = Binder.get(environment).bindOrCreate("grok", GrokProperties.class);
		assertThat(properties.toString()).contains("deep", "grok-4.5").doesNotContain("xai-secret", "private plan");
	}

	@Test
	void everySettingOfAClientCanBeWritten() {
		MockEnvironment environment = new MockEnvironment().withProperty("grok.chat.api", "chat-completions")
			.withProperty("grok.chat.model", "grok-4.20-0309-non-reasoning")
			.withProperty("grok.chat.temperature", "0.1")
			.withProperty("grok.chat.top-p", "0.2")
			.withProperty("grok.chat.max-tokens", "3")
			.withProperty("grok.chat.seed", "4")
			.withProperty("grok.chat.stop", "a,b")
			.withProperty("grok.chat.presence-penalty", "0.5")
			.withProperty("grok.chat.frequency-penalty", "-0.6")
			.withProperty("grok.chat.reasoning-effort", "xhigh")
			.withProperty("grok.chat.parallel-tool-calls", "false")
			.withProperty("grok.chat.service-tier", "priority")
			.withProperty("grok.chat.prompt-cache", "false");
		GrokChatProperties properties = Binder.get(environment).bindOrCreate("grok.chat", GrokChatProperties.class);
		assertThat(properties.toOptions()).isEqualTo(GrokChatOptions.builder()
			.api(GrokApi.CHAT_COMPLETIONS)
			.model("grok-4.20-0309-non-reasoning")
			.temperature(0.1)
			.topP(0.2)
			.maxTokens(3)
			.seed(4)
			.stopSequences(List.of("a", "b"))
			.presencePenalty(0.5)
			.frequencyPenalty(-0.6)
			.reasoningEffort("xhigh")
			.parallelToolCalls(false)
			.serviceTier("priority")
			.promptCache(false)
			.build());
	}

	@Test
	void whatAClientSaysGoesBeforeTheDefaultClientAndThatBeforeOurDefaults() {
		MockEnvironment environment = new MockEnvironment().withProperty("grok.chat.model", "grok-4.5")
			.withProperty("grok.chat.seed", "1")
			.withProperty("grok.clients.fast.seed", "2");
		Binder binder = Binder.get(environment);
		GrokChatProperties chat = binder.bindOrCreate("grok.chat", GrokChatProperties.class);
		GrokChatProperties fast = binder.bindOrCreate("grok.clients.fast", GrokChatProperties.class);
		GrokChatProperties complete = GrokClientSettings.ofNamed("fast", fast, chat).chat();
		assertThat(complete.seed()).isEqualTo(2);
		assertThat(complete.model()).isEqualTo("grok-4.5");
		assertThat(complete.promptCache()).isTrue();
		assertThat(complete.transport()).isEqualTo(GrokChatProperties.Transport.NATIVE);
	}

	@Test
	void keysWithoutValuesAreAsGoodAsNone() {
		new ApplicationContextRunner().withInitializer(new ConfigDataApplicationContextInitializer())
			.withPropertyValues("spring.config.location=classpath:every-key-empty.yaml",
					"XAI_API_KEY=" + ContextRunners.KEY)
			.withConfiguration(AutoConfigurations.of(GrokAutoConfiguration.class, GrokChatClientAutoConfiguration.class,
					GrokHealthAutoConfiguration.class))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean(GrokChatModel.class).getOptions().getModel()).isEqualTo("grok-4.3");
				assertThat(context.getBean(GrokChatModel.class).getOptions().getTemperature()).isNull();
				assertThat(context.getBean(GrokHttpProperties.class))
					.isEqualTo(new Binder().bindOrCreate("grok.http", GrokHttpProperties.class));
				assertThat(context.getBean(GrokRetryProperties.class))
					.isEqualTo(new Binder().bindOrCreate("grok.retry", GrokRetryProperties.class));
				assertThat(context.getBean(GrokRateLimitProperties.class))
					.isEqualTo(new Binder().bindOrCreate("grok.rate-limit", GrokRateLimitProperties.class));
				assertThat(context.getBean(GrokHealthProperties.class))
					.isEqualTo(new Binder().bindOrCreate("grok.health", GrokHealthProperties.class));
				assertThat(context.getBean(GrokProperties.class).clients()).isEmpty();
				assertThat(context.getBean(ModelCatalog.class).get("grok-4.3"))
					.isEqualTo(ModelCatalog.bundled().get("grok-4.3"));
				assertThat(context.getBean(GrokCatalogProperties.class).refreshes()).isFalse();
				assertThat(context.getBean(GrokBudgetsProperties.class).budgets()).isEmpty();
				assertThat(context.getBean(GrokBudgetStoreProperties.class))
					.isEqualTo(new Binder().bindOrCreate("grok.budget", GrokBudgetStoreProperties.class));
			});
	}

}
