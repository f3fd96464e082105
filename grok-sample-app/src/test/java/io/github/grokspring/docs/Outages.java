package io.github.grokspring.docs;

import java.util.List;
import java.util.Set;

import io.github.grokspring.docs.Resilience.Shop;
import io.github.grokspring.error.CircuitOpenException;
import io.github.grokspring.fallback.FallbackReason;
import io.github.grokspring.fallback.FallbackRule;
import io.github.grokspring.retry.CircuitBreakerStatus;
import io.github.grokspring.retry.CircuitBreakers;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Code of {@code docs/resilience.md} about circuit breakers and fallbacks.
 */
class Outages {

	private final ChatClient chatClient;

	Outages(ChatClient chatClient) {
		this.chatClient = chatClient;
	}

	String orLater(String question) {
		try {
			return this.chatClient.prompt().user(question).call().content();
		}
		catch (CircuitOpenException ex) {
			return "Please come back at " + ex.until() + ".";
		}
	}

	List<String> open(CircuitBreakers breakers) {
		return breakers.statuses()
			.stream()
			.filter((status) -> status.state() == CircuitBreakerStatus.State.OPEN)
			.map(CircuitBreakerStatus::name)
			.toList();
	}

	void letThrough(CircuitBreakers breakers) {
		breakers.reset("default:grok-4.3");
	}

	@Configuration(proxyBeanMethods = false)
	static class SecondProvider {

		@Bean
		ChatModel localChatModel(@Value("${local.base-url:http://localhost:11434/v1}") String baseUrl,
				@Value("${local.api-key:none}") String apiKey) {
			return OpenAiChatModel.builder()
				.options(OpenAiChatOptions.builder().baseUrl(baseUrl).apiKey(apiKey).model("llama3.3").build())
				.build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Choice {

		@Bean
		FallbackRule notAtNight(Shop shop) {
			FallbackRule overloaded = FallbackRule.on(Set.of(FallbackReason.OVERLOADED, FallbackReason.CIRCUIT_OPEN));
			return (failure) -> shop.isOpen() ? overloaded.reasonFor(failure) : null;
		}

	}

}
