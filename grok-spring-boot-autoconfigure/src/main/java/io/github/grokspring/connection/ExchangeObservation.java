package io.github.grokspring.connection;

import java.net.URI;
import java.util.regex.Pattern;

import io.github.grokspring.chain.FailSafeObservations;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import org.jspecify.annotations.Nullable;
import reactor.util.context.ContextView;

/**
 * Observation of one exchange, named as those of Spring's HTTP clients. Does nothing if
 * no observation handler is registered.
 */
final class ExchangeObservation {

	private static final ExchangeObservation NONE = new ExchangeObservation(null, null);

	private static final Pattern ID_SEGMENT = Pattern.compile("/[^/]*[0-9][^/]*");

	private final @Nullable Observation observation;

	private final @Nullable ExchangeObservationContext context;

	private ExchangeObservation(@Nullable Observation observation, @Nullable ExchangeObservationContext context) {
		this.observation = observation;
		this.context = context;
	}

	static ExchangeObservation start(ObservationRegistry registry, ApiRequest request, URI baseUri,
			ContextView contextView) {
		if (registry.isNoop()) {
			return NONE;
		}
		Observation parent = contextView.getOrDefault(ObservationThreadLocalAccessor.KEY, null);
		if (parent == null) {
			parent = registry.getCurrentObservation();
		}
		ExchangeObservationContext context = new ExchangeObservationContext(request, baseUri.getHost(),
				baseUri.getRawPath() + ID_SEGMENT.matcher(withoutQuery(request.path())).replaceAll("/{id}"));
		Observation observation = Observation.createNotStarted(Convention.INSTANCE, () -> context, registry);
		if (parent != null) {
			observation.parentObservation(parent);
		}
		FailSafeObservations.start(observation);
		return new ExchangeObservation(observation, context);
	}

	void setStatus(int status) {
		if (this.context != null) {
			this.context.setStatus(status);
		}
	}

	void stop() {
		if (this.observation != null) {
			FailSafeObservations.stop(this.observation);
		}
	}

	void error(Throwable error) {
		if (this.observation != null) {
			FailSafeObservations.error(this.observation, error);
			FailSafeObservations.stop(this.observation);
		}
	}

	void cancel() {
		if (this.observation != null && this.context != null) {
			this.context.setCancelled();
			FailSafeObservations.stop(this.observation);
		}
	}

	private static String withoutQuery(String path) {
		int query = path.indexOf('?');
		return (query < 0) ? path : path.substring(0, query);
	}

	private static final class Convention implements ObservationConvention<ExchangeObservationContext> {

		private static final Convention INSTANCE = new Convention();

		@Override
		public String getName() {
			return "http.client.requests";
		}

		@Override
		public String getContextualName(ExchangeObservationContext context) {
			return "http " + method(context).toLowerCase(java.util.Locale.ROOT);
		}

		@Override
		public boolean supportsContext(Observation.Context context) {
			return context instanceof ExchangeObservationContext;
		}

		@Override
		public KeyValues getLowCardinalityKeyValues(ExchangeObservationContext context) {
			Throwable error = context.getError();
			return KeyValues.of(KeyValue.of("client.name", context.host()),
					KeyValue.of("exception", (error != null) ? error.getClass().getSimpleName() : "none"),
					KeyValue.of("method", method(context)), KeyValue.of("outcome", outcome(context.status())),
					KeyValue.of("status", status(context)), KeyValue.of("uri", context.path()));
		}

		private static String method(ExchangeObservationContext context) {
			ApiRequest request = context.getCarrier();
			return (request != null) ? request.method() : "none";
		}

		private static String status(ExchangeObservationContext context) {
			if (context.status() == 0) {
				return context.isCancelled() ? "CANCELLED" : "CLIENT_ERROR";
			}
			return Integer.toString(context.status());
		}

		private static String outcome(int status) {
			return switch (status / 100) {
				case 1 -> "INFORMATIONAL";
				case 2 -> "SUCCESS";
				case 3 -> "REDIRECTION";
				case 4 -> "CLIENT_ERROR";
				case 5 -> "SERVER_ERROR";
				default -> "UNKNOWN";
			};
		}

	}

}
