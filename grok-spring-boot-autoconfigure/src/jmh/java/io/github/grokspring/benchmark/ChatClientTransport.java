package io.github.grokspring.benchmark;

import java.time.Duration;
import java.util.Objects;

import com.openai.client.OpenAIClient;
import com.openai.client.OpenAIClientImpl;
import com.openai.core.ClientOptions;
import com.openai.core.LogLevel;
import com.openai.credential.BearerTokenCredential;
import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.completions.ChatCompletionsModel;
import io.github.grokspring.connection.HttpSettings;
import io.github.grokspring.connection.ReactorXaiHttpClient;
import io.github.grokspring.openai.OpenAiTransport;
import io.github.grokspring.responses.ResponsesModel;
import io.github.grokspring.test.XaiServer;
import io.micrometer.observation.ObservationRegistry;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.ai.openai.http.okhttp.SpringAiOpenAiHttpClient;

/**
 * Asks as an application does: through a {@link ChatClient}.
 */
final class ChatClientTransport implements Transport {

	private final ChatClient client;

	private final Runnable close;

	private ChatClientTransport(ChatModel model, Runnable close) {
		this.client = ChatClient.create(model);
		this.close = close;
	}

	static Transport overNative(String baseUrl) {
		ReactorXaiHttpClient exchange = ReactorXaiHttpClient.create(HttpSettings.defaults().withBaseUrl(baseUrl),
				() -> XaiServer.API_KEY);
		return new ChatClientTransport(grok("chat-completions", ChatCompletionsModel.builder(exchange).build()),
				exchange::close);
	}

	static Transport overResponses(String baseUrl) {
		ReactorXaiHttpClient exchange = ReactorXaiHttpClient.create(HttpSettings.defaults().withBaseUrl(baseUrl),
				() -> XaiServer.API_KEY);
		return new ChatClientTransport(grok("responses", ResponsesModel.builder(exchange).build()), exchange::close);
	}

	static Transport overSpringAi(String baseUrl) {
		OpenAiTransport transport = OpenAiTransport.create(HttpSettings.defaults().withBaseUrl(baseUrl),
				() -> XaiServer.API_KEY, null, ModelCatalog.bundled(), ObservationRegistry.NOOP, null);
		return new ChatClientTransport(grok("spring-ai", transport), transport::close);
	}

	/**
	 * Spring AI's model for OpenAI as it is, with a client that does not retry.
	 */
	static Transport overOpenAi(String baseUrl) {
		SpringAiOpenAiHttpClient http = SpringAiOpenAiHttpClient.builder()
			.maxIdleConnections(1024)
			.keepAliveDuration(Duration.ofMinutes(5))
			.build();
		OpenAIClient client = new OpenAIClientImpl(ClientOptions.builder()
			.httpClient(http)
			.baseUrl(baseUrl)
			.credential(BearerTokenCredential.create(XaiServer.API_KEY))
			.maxRetries(0)
			.logLevel(LogLevel.OFF)
			.build());
		ChatModel model = OpenAiChatModel.builder()
			.openAiClient(client)
			.openAiClientAsync(client.async())
			.options(OpenAiChatOptions.builder().model(MODEL).build())
			.build();
		return new ChatClientTransport(model, client::close);
	}

	@Override
	public String call() {
		return Objects.requireNonNull(this.client.prompt().user(QUESTION).call().content());
	}

	@Override
	public void stream(Wave.Listener listener) {
		this.client.prompt().user(QUESTION).stream().content().subscribe(listener::text, listener::fail, listener::end);
	}

	@Override
	public void close() {
		this.close.run();
	}

	private static ChatModel grok(String name, ChatModel transport) {
		return GrokChatModel.builder(name, transport).options(GrokChatOptions.builder().model(MODEL).build()).build();
	}

}
