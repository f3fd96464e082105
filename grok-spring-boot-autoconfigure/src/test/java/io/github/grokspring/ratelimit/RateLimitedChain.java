package io.github.grokspring.ratelimit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.grokspring.chain.ChatModelDecorator;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.chain.Invocation;
import io.github.grokspring.completions.ChatCompletionsModel;
import io.github.grokspring.connection.HttpSettings;
import io.github.grokspring.connection.ReactorXaiHttpClient;
import io.github.grokspring.event.GrokEvent;
import io.github.grokspring.test.XaiServer;
import reactor.core.publisher.Flux;

import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * Model with rate limits that calls a server.
 */
final class RateLimitedChain implements AutoCloseable {

	static final Duration TIMEOUT = Duration.ofSeconds(20);

	private final List<GrokEvent> events = new CopyOnWriteArrayList<>();

	private final ReactorXaiHttpClient exchange;

	private final GrokChatModel model;

	RateLimitedChain(XaiServer server, RateLimits limits, ChatModelDecorator... below) {
		this(server.baseUrl(), server.apiKey(), limits, below);
	}

	RateLimitedChain(String baseUrl, String apiKey, RateLimits limits, ChatModelDecorator... below) {
		this.exchange = ReactorXaiHttpClient.create(HttpSettings.defaults().withBaseUrl(baseUrl), () -> apiKey);
		List<ChatModelDecorator> decorators = new ArrayList<>(List.of(below));
		decorators.add(RateLimitingChatModel.decorator(limits, this.events::add));
		this.model = GrokChatModel.builder("chat-completions", ChatCompletionsModel.builder(this.exchange).build())
			.options(GrokChatOptions.builder().model(Limits.MODEL).build())
			.decorators(decorators)
			.build();
	}

	GrokChatModel model() {
		return this.model;
	}

	Flux<ChatResponse> stream(String text) {
		return this.model.stream(new Prompt(text));
	}

	String ask(Invocation invocation, String text) {
		return Invocation.text(invocation.invoke(this.model, new Prompt(text)));
	}

	List<GrokEvent> events() {
		return this.events;
	}

	@Override
	public void close() {
		this.exchange.close();
	}

}
