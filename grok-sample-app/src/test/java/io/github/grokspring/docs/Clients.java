package io.github.grokspring.docs;

import java.time.Duration;

import io.github.grokspring.autoconfigure.GrokChatClientCustomizer;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.docs.FirstSteps.OrderTools;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Service;

/**
 * Code of {@code docs/clients.md}.
 */
class Clients {

	@Service
	static class Desk {

		private final ChatClient fast;

		private final ChatClient analyst;

		Desk(@Qualifier("fast") ChatClient fast, @Qualifier("analyst") ChatClient analyst) {
			this.fast = fast;
			this.analyst = analyst;
		}

		String classify(String mail) {
			return this.fast.prompt().user("Complaint, question or praise? " + mail).call().content();
		}

		String assess(String report) {
			return this.analyst.prompt().user("What are the risks? " + report).call().content();
		}

		String portableOptions(String report) {
			return this.analyst.prompt().user(report).options(ChatOptions.builder().maxTokens(300)).call().content();
		}

		String grokOptions(String report) {
			return this.analyst.prompt()
				.user(report)
				.options(GrokChatOptions.builder().reasoningEffort("low").timeout(Duration.ofSeconds(90)))
				.call()
				.content();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Customizing {

		@Bean
		GrokChatClientCustomizer ordersForTheAnalyst() {
			return (client, builder) -> {
				if (client.equals("analyst")) {
					builder.defaultTools(new OrderTools());
				}
			};
		}

	}

}
