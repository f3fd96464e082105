package io.github.grokspring.autoconfigure;

import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.completions.ChatCompletionsModel;
import io.github.grokspring.connection.HttpExchange;
import io.github.grokspring.observation.GrokObservationConvention;
import io.micrometer.observation.ObservationRegistry;
import reactor.netty.http.client.HttpClient;

import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.observation.ChatModelObservationConvention;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The transport {@code native}.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(HttpClient.class)
class NativeTransportConfiguration {

	static final String BEAN_NAME = "grokNativeTransport";

	@Bean(name = BEAN_NAME, destroyMethod = "close")
	ChatTransport grokNativeTransport(HttpExchange exchange, GrokHttpProperties http, ModelCatalog catalog,
			ObjectProvider<ObservationRegistry> observationRegistry,
			ObjectProvider<ChatModelObservationConvention> observationConvention) {
		ChatModel model = ChatCompletionsModel.builder(exchange)
			.observationRegistry(observationRegistry.getIfUnique(() -> ObservationRegistry.NOOP))
			.observationConvention(observationConvention.getIfUnique(GrokObservationConvention::new))
			.catalog(catalog)
			.readTimeout(http.readTimeout())
			.reasoningReadTimeout(http.reasoningReadTimeout())
			.build();
		return new ChatTransport("chat-completions", model, () -> {
			// the exchange is a bean of its own
		});
	}

}
