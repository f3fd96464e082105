package io.github.grokspring.docs;

import java.math.BigDecimal;
import java.time.Duration;

import io.github.grokspring.cache.CacheStatistics;
import io.github.grokspring.cache.ResponseCache;
import io.github.grokspring.chain.CacheMode;
import io.github.grokspring.chain.GrokChatOptions;

import org.springframework.ai.chat.client.ChatClient;

/**
 * Code of {@code docs/cache.md}.
 */
class Caching {

	private final ChatClient chatClient;

	Caching(ChatClient chatClient) {
		this.chatClient = chatClient;
	}

	String headlines() {
		GrokChatOptions.Builder options = GrokChatOptions.builder()
			.cacheMode(CacheMode.REFRESH)
			.cacheTtl(Duration.ofMinutes(5))
			.cacheServerTools(true);
		return this.chatClient.prompt("What is new in Java?").options(options).call().content();
	}

	String saved(ResponseCache cache) {
		CacheStatistics statistics = cache.statistics();
		return statistics.hits() + " answers were free, which saved $"
				+ BigDecimal.valueOf(statistics.savedTicks(), 10);
	}

}
