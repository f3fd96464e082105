package io.github.grokspring.autoconfigure;

import io.github.grokspring.test.XaiServer;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Connects the application to a bean of type {@code XaiServer}, if there is one.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(XaiServer.class)
class XaiServerConfiguration {

	@Bean
	@ConditionalOnBean(XaiServer.class)
	@ConditionalOnMissingBean(GrokConnectionDetails.class)
	XaiServerConnectionDetails grokXaiServerConnectionDetails(XaiServer server) {
		return new XaiServerConnectionDetails(server);
	}

	/**
	 * Connection details of a running test server.
	 */
	record XaiServerConnectionDetails(XaiServer server) implements GrokConnectionDetails {

		@Override
		public String getBaseUrl() {
			return this.server.baseUrl();
		}

		@Override
		public String getApiKey() {
			return this.server.apiKey();
		}

	}

}
