package io.github.grokspring.connection;

import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.SenderContext;

/**
 * Context of the observation of one exchange. Propagates nothing to xAI: values that a
 * tracer injects are dropped.
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
	 * Returns the host of the request.
	 * @return the host name
	 */
	public String host() {
		return this.host;
	}

	/**
	 * Returns the path of the request, with IDs replaced by {@code {id}}.
	 * @return the path
	 */
	public String path() {
		return this.path;
	}

	/**
	 * Returns the HTTP status of the response.
	 * @return the status, or 0 if there was no response
	 */
	public int status() {
		return this.status;
	}

	/**
	 * Returns whether the subscriber cancelled the exchange.
	 * @return {@code true} if the exchange was cancelled
	 */
	public boolean isCancelled() {
		return this.cancelled;
	}

	void setStatus(int status) {
		this.status = status;
	}

	void setCancelled() {
		this.cancelled = true;
	}

}
