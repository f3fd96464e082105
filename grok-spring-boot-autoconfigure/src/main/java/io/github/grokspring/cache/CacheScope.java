package io.github.grokspring.cache;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

import io.github.grokspring.chain.GrokChatOptions;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.prompt.Prompt;

/**
 * Who shares answers.
 *
 * @param endpoint where requests go; answers from elsewhere are others
 * @param namespace separates applications in one cache, empty for none
 * @param redacted whether private data was taken out of prompts before
 * @param perTenant whether tenants, and users, have answers of their own
 * @param tenants says on whose account a prompt goes; asked on the thread that calls, or
 * that subscribes
 * @since 0.1.0
 */
public record CacheScope(String endpoint, String namespace, boolean redacted, boolean perTenant,
		Function<Prompt, @Nullable String> tenants) {

	private static final String TENANT = CacheScope.class.getName() + ".tenant";

	/**
	 * Check the values.
	 */
	public CacheScope {
		Objects.requireNonNull(endpoint, "'endpoint' must not be null");
		Objects.requireNonNull(namespace, "'namespace' must not be null");
		Objects.requireNonNull(tenants, "'tenants' must not be null");
	}

	/**
	 * On whose account a prompt goes that comes out of the cache, on another thread
	 * perhaps than the one that came with it. Travels in the tool context of its options.
	 * @param prompt the prompt
	 * @return the tenant, or {@code null} if nobody has asked yet, or there is none
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
