package io.github.grokspring.cache;

import java.util.Objects;
import java.util.function.Function;

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

	/**
	 * Check the values.
	 */
	public CacheScope {
		Objects.requireNonNull(endpoint, "'endpoint' must not be null");
		Objects.requireNonNull(namespace, "'namespace' must not be null");
		Objects.requireNonNull(tenants, "'tenants' must not be null");
	}

}
