package io.github.grokspring.cost;

import java.util.Map;

import io.github.grokspring.chain.GrokChatOptions;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.prompt.Prompt;

/**
 * Strategy for resolving the tenant of a prompt. Called on the calling or subscribing
 * thread. Implementations must be thread-safe and must not block.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface TenantResolver {

	/**
	 * Key of the tenant in the tool context of a prompt.
	 */
	String CONTEXT_KEY = "grok.tenant";

	/**
	 * Resolves the tenant of a prompt.
	 * @param prompt the prompt, with complete options
	 * @return the name of the tenant, {@code null} if there is none
	 */
	@Nullable String tenantOf(Prompt prompt);

	/**
	 * Creates a resolver that uses the {@link GrokChatOptions#getUser() user} of the
	 * options.
	 * @return the resolver
	 */
	static TenantResolver user() {
		return (prompt) -> (prompt.getOptions() instanceof GrokChatOptions options) ? options.getUser() : null;
	}

	/**
	 * Creates a resolver that uses the value of {@link #CONTEXT_KEY} in the tool context,
	 * with the {@link GrokChatOptions#getUser() user} of the options as fallback.
	 * @return the resolver
	 */
	static TenantResolver toolContext() {
		TenantResolver user = user();
		return (prompt) -> {
			@Nullable Map<String, Object> context = (prompt.getOptions() instanceof GrokChatOptions options)
					? options.getToolContext() : null;
			@Nullable Object tenant = (context != null) ? context.get(CONTEXT_KEY) : null;
			return (tenant != null) ? tenant.toString() : user.tenantOf(prompt);
		};
	}

}
