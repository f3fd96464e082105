package io.github.grokspring.cache;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

import io.github.grokspring.chain.GrokChatOptions;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.prompt.Prompt;

/**
 * The scope within which responses are shared.
 *
 * @param endpoint the URL that requests are sent to
 * @param namespace prefix that separates applications sharing a cache; may be empty
 * @param redacted whether private data is removed from prompts before they reach the
 * cache
 * @param perTenant whether responses are separated by tenant and user
 * @param tenants resolves the tenant of a prompt; invoked on the calling or subscribing
 * thread
 * @since 0.1.0
 */
public record CacheScope(String endpoint, String namespace, boolean redacted, boolean perTenant,
		Function<Prompt, @Nullable String> tenants) {

	private static final String TENANT = CacheScope.class.getName() + ".tenant";

	/**
	 * Validates the components.
	 */
	public CacheScope {
		Objects.requireNonNull(endpoint, "'endpoint' must not be null");
		Objects.requireNonNull(namespace, "'namespace' must not be null");
		Objects.requireNonNull(tenants, "'tenants' must not be null");
	}

	/**
	 * Returns the tenant that the cache attached to the tool context of a prompt. The
	 * prompt may have changed threads since.
	 * @param prompt the prompt
	 * @return the tenant, or {@code null} if none is attached
	 */
	public static @Nullable String tenantOf(Prompt prompt) {
		@Nullable Map<String, Object> context = (prompt.getOptions() instanceof GrokChatOptions options)
				? options.getToolContext() : null;
		return (context != null && context.get(TENANT) instanceof String tenant) ? tenant : null;
	}

	static Prompt attach(Prompt prompt, GrokChatOptions options, String tenant) {
		@Nullable Map<String, Object> given = options.getToolContext();
		Map<String, Object> context = (given != null) ? new HashMap<>(given) : new HashMap<>();
		context.put(TENANT, tenant);
		return new Prompt(prompt.getInstructions(), options.mutate().toolContext(context).build());
	}

}
