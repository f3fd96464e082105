package io.github.grokspring.autoconfigure;

import java.util.List;

import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.connection.HttpSettings;
import io.github.grokspring.observation.GrokObservationConvention;
import io.github.grokspring.openai.OpenAiTransport;
import io.micrometer.observation.ObservationRegistry;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.ai.chat.observation.ChatModelObservationConvention;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;

/**
 * Configuration of the {@code spring-ai} transport, created only if a client uses it.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(GrokPromptGuardProperties.class)
@ConditionalOnClass(name = "org.springframework.ai.openai.OpenAiChatModel")
class SpringAiTransportConfiguration {

	static final String BEAN_NAME = "grokSpringAiTransport";

	private static final List<String> NATIVE_ONLY = List.of("grok.http.stream-idle-timeout",
			"grok.http.content-timeout");

	private static final Log logger = LogFactory.getLog(SpringAiTransportConfiguration.class);

	@Bean(name = BEAN_NAME, destroyMethod = "close")
	@Lazy
	ChatTransport grokSpringAiTransport(GrokConnectionDetails connectionDetails, GrokHttpProperties http,
			ModelCatalog catalog, GrokPromptGuardProperties guard, ObjectProvider<SslBundles> sslBundles,
			ObjectProvider<ObservationRegistry> observationRegistry,
			ObjectProvider<ChatModelObservationConvention> observationConvention, Environment environment) {
		NATIVE_ONLY.stream()
			.filter(environment::containsProperty)
			.forEach((property) -> logger.warn("'" + property
					+ "' has no effect on clients with the transport 'spring-ai'. Set 'grok.chat.transport' to 'native' "
					+ "to apply it, or remove the property."));
		PropertiesHttpSettings properties = new PropertiesHttpSettings(http, sslBundles.getIfAvailable());
		HttpSettings settings = properties.settings(BaseUrl.of(connectionDetails.getBaseUrl()));
		OpenAiTransport model = OpenAiTransport.create(settings, connectionDetails::getApiKey,
				SpringAiTls.of(properties.sslBundle()), catalog, guard.conversationIds(connectionDetails),
				observationRegistry.getIfUnique(() -> ObservationRegistry.NOOP),
				observationConvention.getIfUnique(() -> new GrokObservationConvention(catalog)));
		return new ChatTransport((options) -> "spring-ai", model, model::close);
	}

}
