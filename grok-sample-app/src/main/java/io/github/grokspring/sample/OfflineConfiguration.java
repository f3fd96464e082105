package io.github.grokspring.sample;

import io.github.grokspring.test.XaiServer;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/**
 * Runs the sample without a key. The starter calls a bean of type {@link XaiServer}
 * instead of xAI.
 */
@Configuration(proxyBeanMethods = false)
@Profile(ApiKeyProfileSelector.OFFLINE)
class OfflineConfiguration {

	private static final Log logger = LogFactory.getLog(OfflineConfiguration.class);

	@Bean
	XaiServer xaiServer() {
		XaiServer server = XaiServer.builder().conversational().start();
		logger.warn("There is no xAI API key, so a mock of xAI on " + server.baseUrl()
				+ " generates the responses. Set XAI_API_KEY to call Grok.");
		return server;
	}

	@Bean
	MockResponses mockResponses(XaiServer xaiServer) {
		MockResponses mockResponses = new MockResponses(xaiServer);
		mockResponses.script(Fault.NONE);
		return mockResponses;
	}

}
