package io.github.grokspring.cost;

import java.util.Map;

import io.github.grokspring.chain.GrokChatOptions;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.prompt.Prompt;

/**
 * Says on whose account a prompt goes. Asked on the thread that calls, or that subscribes
 * to a stream. Implementations do not block and are safe for use by several threads.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface TenantResolver {

	/**
	 * Where the tenant stands in the tool context of a prompt.
	 */
	String CONTEXT_KEY = "grok.tenant";

	/**
	 * The tenant of a prompt.
	 * @param prompt the prompt, with complete options
	 * @return the name of the tenant, {@code null} if there is none
	 */
	@Nullable String tenantOf(Prompt prompt);

	/**
	 * The tenant is the {@link GrokChatOptions#getUser() user} of the options.
	 * @return a resolver
	 */
	static TenantResolver user() {
		return (prompt) -> (prompt.getOptions() instanceof GrokChatOptions options) ? options.getUser() : null;
	}

	/**
	 * The tenant is what the tool context of the options has under {@link #CONTEXT_KEY},
	 * else the {@link GrokChatOptions#getUser() user}.
	 * @return a resolver
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
