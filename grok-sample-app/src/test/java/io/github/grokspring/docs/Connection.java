package io.github.grokspring.docs;

import java.time.Duration;
import java.util.function.Supplier;

import io.github.grokspring.autoconfigure.GrokConnectionDetails;
import io.github.grokspring.connection.GrokHttpClientCustomizer;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import reactor.core.Disposable;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Code of {@code docs/connection.md}.
 */
class Connection {

	private final ChatClient chatClient;

	Connection(ChatClient chatClient) {
		this.chatClient = chatClient;
	}

	String failing(String question) {
		try {
			return this.chatClient.prompt().user(question).call().content();
		}
		catch (GrokApiException ex) {
			if (ex.kind() == ErrorKind.SAFETY_REFUSAL) {
				return "I had rather not talk about that.";
			}
			throw ex;
		}
	}

	void cancelling(String question, StringBuffer screen) {
		Disposable answer = this.chatClient.prompt().user(question).stream().content().subscribe(screen::append);

		answer.dispose();
	}

	String bounded(String question) {
		return this.chatClient.prompt()
			.user(question)
			.stream()
			.content()
			.take(Duration.ofSeconds(20))
			.reduce("", String::concat)
			.block();
	}

	@Configuration(proxyBeanMethods = false)
	static class Rotation {

		@Bean
		GrokConnectionDetails rotatingKey(Supplier<String> vault) {
			return new GrokConnectionDetails() {

				@Override
				public String getBaseUrl() {
					return "https://api.x.ai/v1";
				}

				@Override
				public String getApiKey() {
					return vault.get();
				}

			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Customizing {

		@Bean
		GrokHttpClientCustomizer userAgent() {
			return (client) -> client.headers((headers) -> headers.set("User-Agent", "order-desk/2.1"));
		}

	}

}
