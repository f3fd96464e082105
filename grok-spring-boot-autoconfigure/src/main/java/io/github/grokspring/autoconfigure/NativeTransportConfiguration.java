package io.github.grokspring.autoconfigure;

import java.util.Locale;
import java.util.function.Consumer;

import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.EndpointSelector;
import io.github.grokspring.chain.GrokApi;
import io.github.grokspring.completions.ChatCompletionsModel;
import io.github.grokspring.connection.ConversationIdHasher;
import io.github.grokspring.connection.XaiHttpClient;
import io.github.grokspring.observation.GrokObservationConvention;
import io.github.grokspring.responses.ResponsesModel;
import io.github.grokspring.responses.RoutingChatModel;
import io.github.grokspring.wire.AbstractXaiChatModel;
import io.micrometer.observation.ObservationRegistry;
import reactor.netty.http.client.HttpClient;

import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.observation.ChatModelObservationConvention;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Configuration of the {@code native} transport, which supports both endpoints of xAI.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(GrokPromptGuardProperties.class)
@ConditionalOnClass(HttpClient.class)
class NativeTransportConfiguration {

	static final String BEAN_NAME = "grokNativeTransport";

	@Bean(name = BEAN_NAME, destroyMethod = "close")
	ChatTransport grokNativeTransport(XaiHttpClient httpClient, GrokHttpProperties http, ModelCatalog catalog,
			GrokPromptGuardProperties guard, GrokConnectionDetails connectionDetails,
			ObjectProvider<ObservationRegistry> observationRegistry,
			ObjectProvider<ChatModelObservationConvention> observationConvention) {
		ConversationIdHasher conversationIds = guard.conversationIds(connectionDetails);
		Consumer<AbstractXaiChatModel.Builder<?>> settings = (builder) -> builder
			.observationRegistry(observationRegistry.getIfUnique(() -> ObservationRegistry.NOOP))
			.observationConvention(observationConvention.getIfUnique(() -> new GrokObservationConvention(catalog)))
			.catalog(catalog)
			.conversationIds(conversationIds)
			.readTimeout(http.readTimeout())
			.reasoningReadTimeout(http.reasoningReadTimeout());
		ChatCompletionsModel.Builder chatCompletions = ChatCompletionsModel.builder(httpClient);
		settings.accept(chatCompletions);
		ResponsesModel.Builder responses = ResponsesModel.builder(httpClient);
		settings.accept(responses);
		ChatModel model = new RoutingChatModel(chatCompletions.build(), responses.build(), catalog,
				!BaseUrl.of(connectionDetails.getBaseUrl()).isXai());
		return new ChatTransport((options) -> nameOf(EndpointSelector.select(options, catalog)), model, () -> {
			// The HTTP client is a bean and is closed by the context
		});
	}

	private static String nameOf(GrokApi api) {
		return api.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
