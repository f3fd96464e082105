package io.github.grokspring.connection;

import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.SenderContext;

/**
 * Context of the observation of one exchange. Nothing is propagated to xAI: its setter
 * drops what a tracer wants to send.
 *
 * @since 0.1.0
 */
public final class ExchangeObservationContext extends SenderContext<ApiRequest> {

	private final String host;

	private final String path;

	private volatile int status;

	private volatile boolean cancelled;

	ExchangeObservationContext(ApiRequest request, String host, String path) {
		super((carrier, key, value) -> {
		}, Kind.CLIENT);
		setCarrier(request);
		setRemoteServiceName("xAI");
		this.host = host;
		this.path = path;
	}

	/**
	 * The host that is asked.
	 * @return its name
	 */
	public String host() {
		return this.host;
	}

	/**
	 * The path that is asked for, with ids replaced by {@code {id}}.
	 * @return the path
	 */
	public String path() {
		return this.path;
	}

	/**
	 * The HTTP status of the answer.
	 * @return the status, or 0 when there was no answer
	 */
	public int status() {
		return this.status;
	}

	/**
	 * Whether the subscriber cancelled the exchange.
	 * @return {@code true} if it did
	 */
	public boolean isCancelled() {
		return this.cancelled;
	}

	void status(int status) {
		this.status = status;
	}

	void cancelled() {
		this.cancelled = true;
	}

}
