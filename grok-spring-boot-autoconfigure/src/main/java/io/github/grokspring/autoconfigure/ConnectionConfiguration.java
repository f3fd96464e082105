package io.github.grokspring.autoconfigure;

import io.github.grokspring.connection.GrokHttpClientCustomizer;
import io.github.grokspring.connection.HttpSettings;
import io.github.grokspring.connection.ReactorXaiHttpClient;
import io.github.grokspring.connection.XaiHttpClient;
import io.micrometer.observation.ObservationRegistry;
import reactor.netty.http.client.HttpClient;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Configuration of the HTTP client based on Reactor Netty.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(HttpClient.class)
class ConnectionConfiguration {

	@Bean(destroyMethod = "close")
	@ConditionalOnMissingBean(XaiHttpClient.class)
	ReactorXaiHttpClient grokHttpExchange(GrokConnectionDetails connectionDetails, GrokHttpProperties properties,
			ObjectProvider<SslBundles> sslBundles, ObjectProvider<ObservationRegistry> observationRegistry,
			ObjectProvider<GrokHttpClientCustomizer> customizers) {
		HttpSettings settings = new PropertiesHttpSettings(properties, sslBundles.getIfAvailable())
			.settings(BaseUrl.of(connectionDetails.getBaseUrl()));
		return ReactorXaiHttpClient.create(settings, connectionDetails::getApiKey,
				observationRegistry.getIfUnique(() -> ObservationRegistry.NOOP), customizers.orderedStream().toList());
	}

}
