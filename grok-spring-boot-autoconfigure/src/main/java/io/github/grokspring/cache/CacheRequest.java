package io.github.grokspring.cache;

import java.time.Duration;

import io.github.grokspring.chain.CacheMode;
import io.github.grokspring.chain.GrokChatOptions;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.prompt.Prompt;

/**
 * One request that has to do with the cache.
 *
 * @param callId the id of the call
 * @param client the client
 * @param options the complete options
 * @param key what equal requests have in common
 * @param tenant on whose account it goes
 * @param ttl how long its answer is kept
 * @param serverTools whether an answer for which tools ran at xAI may be taken and kept
 */
record CacheRequest(String callId, String client, GrokChatOptions options, String key, @Nullable String tenant,
		Duration ttl, boolean serverTools) {

	/**
	 * Whether an answer that was kept would do.
	 */
	boolean isReadable() {
		return isStorable() && this.options.getCacheMode() != CacheMode.REFRESH;
	}

	/**
	 * Whether its answer may be kept.
	 */
	boolean isStorable() {
		return this.serverTools || this.options.getServerTools().isEmpty();
	}

	String model() {
		return String.valueOf(this.options.getModel());
	}

	/**
	 * The prompt, with the tenant: it may go on from here on another thread, which does
	 * not know it.
	 */
	Prompt withTenant(Prompt prompt) {
		return (this.tenant != null) ? CacheScope.attach(prompt, this.options, this.tenant) : prompt;
	}

	/**
	 * What requests that are under way must have in common to share an answer: whoever
	 * pays, and waits as long.
	 */
	SharedRequestKey flight() {
		return new SharedRequestKey(this.key, this.tenant, this.options.getUser(), this.options.getTimeout(),
				isReadable());
	}

	/**
	 * What requests under way must have in common.
	 *
	 * @param key the key of the request
	 * @param tenant who pays
	 * @param user the user
	 * @param timeout how long the request may take
	 * @param mayTake whether an answer that was kept would do
	 */
	record SharedRequestKey(String key, @Nullable String tenant, @Nullable String user, @Nullable Duration timeout,
			boolean mayTake) {

	}

}
