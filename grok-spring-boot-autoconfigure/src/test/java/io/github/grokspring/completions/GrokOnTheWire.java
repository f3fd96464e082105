package io.github.grokspring.completions;

import java.util.List;

import io.github.grokspring.chain.ChatModelDecorator;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.connection.HttpSettings;
import io.github.grokspring.connection.ReactorXaiHttpClient;
import io.github.grokspring.test.XaiServer;
import io.micrometer.observation.ObservationRegistry;

/**
 * Clients that call a mock server over a socket.
 */
public final class GrokOnTheWire implements AutoCloseable {

	private final XaiServer xai = XaiServer.start();

	private final ReactorXaiHttpClient exchange = ReactorXaiHttpClient.create(
			HttpSettings.defaults().withBaseUrl(this.xai.baseUrl()), this.xai::apiKey, ObservationRegistry.NOOP,
			List.of());

	public XaiServer xai() {
		return this.xai;
	}

	public GrokChatModel client(String name, ChatModelDecorator... decorators) {
		return GrokChatModel.builder("chat-completions", ChatCompletionsModel.builder(this.exchange).build())
			.name(name)
			.options(GrokChatOptions.builder().model("grok-4.3").build())
			.decorators(List.of(decorators))
			.build();
	}

	@Override
	public void close() {
		this.exchange.close();
		this.xai.close();
	}

}
