package io.github.grokspring.cache;

import java.time.Duration;

import io.github.grokspring.chain.CacheMode;
import io.github.grokspring.chain.GrokChatOptions;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.prompt.Prompt;

/**
 * A request that may use the cache.
 */
record CacheRequest(String callId, String client, GrokChatOptions options, String key, @Nullable String tenant,
		Duration ttl, boolean serverTools) {

	boolean isReadable() {
		return isStorable() && this.options.getCacheMode() != CacheMode.REFRESH;
	}

	boolean isStorable() {
		return this.serverTools || this.options.getServerTools().isEmpty();
	}

	String model() {
		return String.valueOf(this.options.getModel());
	}

	/**
	 * Attaches the tenant to the prompt: the call may continue on a thread that cannot
	 * determine it.
	 */
	Prompt withTenant(Prompt prompt) {
		return (this.tenant != null) ? CacheScope.attach(prompt, this.options, this.tenant) : prompt;
	}

	/**
	 * Returns the key that concurrent requests must have in common to share a response.
	 * It includes who pays and how long to wait.
	 */
	SharedRequestKey sharedRequestKey() {
		return new SharedRequestKey(this.key, this.tenant, this.options.getUser(), this.options.getTimeout(),
				isReadable());
	}

	/**
	 * Key of a shared request.
	 *
	 * @param readable whether a cached response may be served
	 */
	record SharedRequestKey(String key, @Nullable String tenant, @Nullable String user, @Nullable Duration timeout,
			boolean readable) {

	}

}
