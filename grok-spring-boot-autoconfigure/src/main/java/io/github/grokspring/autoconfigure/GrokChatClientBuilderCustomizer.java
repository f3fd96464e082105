package io.github.grokspring.autoconfigure;

import java.util.stream.Stream;

import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.redaction.PromptGuard;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.client.ChatClientBuilderCustomizer;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.beans.factory.ObjectProvider;

/**
 * Adds the advisors of Grok to every builder that Spring AI configures: those of Grok
 * clients and the {@code ChatClient.Builder} bean. The advisors identify the client by
 * the options of a request and do not change requests to models of other providers.
 */
final class GrokChatClientBuilderCustomizer implements ChatClientBuilderCustomizer {

	private final GrokProperties properties;

	private final GrokChatProperties chat;

	private final @Nullable PromptGuard guard;

	private final ObjectProvider<GrokChatModelFactory> models;

	/**
	 * Creates a customizer.
	 * @param properties the named clients
	 * @param chat the properties below {@code grok.chat}
	 * @param guard the prompt guard, or {@code null} if it is disabled
	 * @param models the factory of the models, resolved on the first request
	 */
	GrokChatClientBuilderCustomizer(GrokProperties properties, GrokChatProperties chat, @Nullable PromptGuard guard,
			ObjectProvider<GrokChatModelFactory> models) {
		this.properties = properties;
		this.chat = chat;
		this.guard = guard;
		this.models = models;
	}

	@Override
	public void customize(ChatClient.Builder builder) {
		builder.defaultAdvisors(new TenantAdvisor(), new ConversationIdAdvisor());
		if (this.guard != null) {
			builder.defaultAdvisors(new PromptGuardAdvisor(this.guard));
		}
		if (Stream.concat(Stream.of(this.chat), this.properties.clients().values().stream())
			.anyMatch((client) -> client.structuredOutput() != null
					&& Boolean.TRUE.equals(client.structuredOutput().validate()))) {
			JsonSchemaValidator validator = new JsonSchemaValidator();
			OutputValidation validation = new OutputValidation(validator, this::maxAttempts);
			builder.defaultAdvisors(new ToolArgumentsAdvisor(validation), new StructuredOutputAdvisor(validation));
		}
	}

	private int maxAttempts(ChatOptions options) {
		if (!(options instanceof GrokChatOptions grokOptions)) {
			return 0;
		}
		GrokClientSettings known = this.models.getObject().settingsOf(grokOptions);
		GrokClientSettings client = (known != null) ? known : GrokClientSettings.ofDefault(this.chat);
		GrokChatProperties.StructuredOutput output = client.chat().structuredOutput();
		return (output != null && Boolean.TRUE.equals(output.validate()) && output.maxAttempts() != null)
				? output.maxAttempts() : 0;
	}

}
