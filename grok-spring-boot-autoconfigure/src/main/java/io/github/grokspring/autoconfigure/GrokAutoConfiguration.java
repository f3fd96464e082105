package io.github.grokspring.autoconfigure;

import java.time.Clock;

import io.github.grokspring.budget.Budgets;
import io.github.grokspring.budget.CostEstimator;
import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.CallObserver;
import io.github.grokspring.chain.ChatModelDecorator;
import io.github.grokspring.event.GrokEventListener;
import io.github.grokspring.observation.CallLog;
import io.github.grokspring.scrub.OnUnsupported;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationPropertiesBindHandlerAdvisor;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.core.env.Environment;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for xAI's Grok: the connection and
 * the default {@link org.springframework.ai.chat.model.ChatModel}.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = SslAutoConfiguration.class,
		afterName = {
				"org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration",
				"org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration" })
@ConditionalOnBooleanProperty(name = "grok.enabled", matchIfMissing = true)
@EnableConfigurationProperties({ GrokProperties.class, GrokHttpProperties.class, GrokChatProperties.class,
		GrokLogProperties.class })
@Import({ XaiServerConfiguration.class, CatalogConfiguration.class, ConnectionConfiguration.class,
		NativeTransportConfiguration.class, SpringAiTransportConfiguration.class, MeterConfiguration.class,
		CostConfiguration.class, BudgetConfiguration.class, TokenizerConfiguration.class, ContextConfiguration.class,
		RetryConfiguration.class, CircuitBreakerConfiguration.class, FallbackConfiguration.class,
		ScrubConfiguration.class, RateLimitConfiguration.class, WarmUpConfiguration.class, CacheConfiguration.class,
		RedactionConfiguration.class, PromptGuardConfiguration.class,
		GrokChatModelConfiguration.PrimaryModelConfiguration.class,
		GrokChatModelConfiguration.AvailableModelConfiguration.class })
@ImportRuntimeHints(GrokPropertyNames.Hints.class)
public final class GrokAutoConfiguration {

	@Bean
	static UnknownPropertyValidator grokUnknownPropertyValidator(Environment environment) {
		return new UnknownPropertyValidator(environment);
	}

	@Bean
	static ConfigurationPropertiesBindHandlerAdvisor grokGroupBindHandlerAdvisor() {
		return GroupBindHandler::new;
	}

	@Bean
	@ConditionalOnMissingBean(GrokConnectionDetails.class)
	PropertiesGrokConnectionDetails grokConnectionDetails(GrokProperties properties, GrokHttpProperties http,
			Environment environment) {
		return new PropertiesGrokConnectionDetails(properties, http, environment);
	}

	@Bean
	GrokEventPublisher grokEvents(ObjectProvider<GrokEventListener> listeners) {
		return new GrokEventPublisher(GrokEventListener.composite(listeners.orderedStream().toList()));
	}

	@Bean
	GrokChatModelFactory grokChatModelFactory(
			@Qualifier(NativeTransportConfiguration.BEAN_NAME) ObjectProvider<ChatTransport> nativeTransport,
			@Qualifier(SpringAiTransportConfiguration.BEAN_NAME) ObjectProvider<ChatTransport> springAiTransport,
			ObjectProvider<ChatModelDecorator> decorators, ModelCatalog catalog, CatalogRefresh refresh,
			GrokScrubProperties scrub, ObjectProvider<GrokEventPublisher> events,
			GrokConnectionDetails connectionDetails, GrokHttpProperties http, GrokLogProperties log,
			ConfigurableListableBeanFactory beans) {
		CallObserver observer = (log.calls() != GrokLogProperties.Calls.OFF)
				? new CallLog(log.calls() == GrokLogProperties.Calls.INFO, System::nanoTime)
				: (call, client, model) -> null;
		Runnable key = () -> {
			if (connectionDetails instanceof PropertiesGrokConnectionDetails properties
					&& !BeanMocks.arePresent(beans)) {
				properties.getApiKey();
			}
		};
		// Listeners may depend on clients, so they are resolved lazily
		return new GrokChatModelFactory(nativeTransport, springAiTransport, decorators.orderedStream().toList(),
				new ModelValidator(catalog, refresh.isOn(),
						scrub.enabled() ? scrub.onUnsupported() : OnUnsupported.PASS, Clock.systemUTC(),
						BaseUrl.of(connectionDetails.getBaseUrl()).host(), http.allowInsecure()),
				(event) -> events.getObject().listener().onEvent(event), observer, key);
	}

	@Bean
	StartupLogger grokStartReport(GrokChatModelFactory models, Budgets budgets, GrokConnectionDetails connectionDetails,
			ConfigurableListableBeanFactory beans, Environment environment, ObjectProvider<GrokRetryProperties> retry,
			ObjectProvider<CostEstimator> worstCase, GrokCostProperties cost, GrokFallbackProperties fallback) {
		return new StartupLogger(models, budgets, BaseUrl.of(connectionDetails.getBaseUrl()).host(),
				new InjectionLogger(beans, environment), retry.getIfAvailable(),
				cost.enabled() ? worstCase.getIfUnique() : null, fallback.models());
	}

}
