package io.github.grokspring.sample;

import io.github.grokspring.test.XaiServer;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/**
 * Runs the sample without a key. A bean of {@link XaiServer} is all it takes: the starter
 * then talks to it instead of xAI.
 */
@Configuration(proxyBeanMethods = false)
@Profile(ProfileOfKey.OFFLINE)
class OfflineConfiguration {

	private static final Log logger = LogFactory.getLog(OfflineConfiguration.class);

	@Bean
	XaiServer xaiServer() {
		XaiServer server = XaiServer.builder().conversational().start();
		logger.warn("No API key of xAI: answers are made up by a double of its API on " + server.baseUrl()
				+ ". Set XAI_API_KEY to talk to Grok.");
		return server;
	}

	@Bean
	Rehearsal rehearsal(XaiServer xaiServer) {
		Rehearsal rehearsal = new Rehearsal(xaiServer);
		rehearsal.stage(Fault.NONE);
		return rehearsal;
	}

}
