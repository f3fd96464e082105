package io.github.grokspring.openai;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.AttemptContext;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.connection.EchoFilter;
import io.github.grokspring.connection.HttpSettings;
import io.github.grokspring.connection.RequestHeaders;
import org.jspecify.annotations.Nullable;

/**
 * The calls in flight. The SDK gives no handle on a call, so each carries its id in a
 * header that {@link ExchangeInterceptor} takes off before anything is sent. Safe for use
 * by several threads.
 */
final class InFlightCalls {

	/** Never leaves the process. */
	static final String HEADER = "x-grok-spring-call";

	private final Map<String, InFlightCall> calls = new ConcurrentHashMap<>();

	private final AtomicLong ids = new AtomicLong();

	private final HttpSettings settings;

	private final Map<String, String> secrets;

	private final ModelCatalog catalog;

	InFlightCalls(HttpSettings settings, ModelCatalog catalog) {
		this.settings = settings;
		this.secrets = settings.secrets();
		this.catalog = catalog;
	}

	InFlightCall open(GrokChatOptions options, boolean streaming, EchoFilter sent, AttemptContext attempt) {
		attempt.recordRequest(RequestHeaders.conversationId(RequestHeaders.from(options)));
		sent.addSecrets(options.getHeaders());
		sent.addSecrets(this.secrets);
		InFlightCall call = new InFlightCall(Long.toString(this.ids.incrementAndGet()), streaming, options.getModel(),
				thinks(options) ? this.settings.reasoningReadTimeout() : this.settings.readTimeout(),
				(options.getTimeout() != null) ? options.getTimeout() : this.settings.callTimeout(), sent,
				this.settings.maxResponseSize().toBytes(), attempt);
		this.calls.put(call.id(), call);
		return call;
	}

	void done(InFlightCall call) {
		this.calls.remove(call.id());
	}

	@Nullable InFlightCall find(@Nullable String id) {
		return (id != null) ? this.calls.get(id) : null;
	}

	int size() {
		return this.calls.size();
	}

	void closeConnections() {
		this.calls.values().forEach(InFlightCall::closeConnection);
	}

	// Only a model that does not think is expected to speak soon.
	private boolean thinks(GrokChatOptions options) {
		return this.catalog.get(String.valueOf(options.getModel())).thinks(options.getReasoningEffort());
	}

}
