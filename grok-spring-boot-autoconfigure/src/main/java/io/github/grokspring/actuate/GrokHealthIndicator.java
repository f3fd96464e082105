package io.github.grokspring.actuate;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

import io.github.grokspring.catalog.GrokModel;
import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.connection.BlockingCall;
import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Health of the way to xAI: whether the key is good, the models in use are served and
 * nothing of this application keeps calls from being made. Never billed. Safe for use by
 * several threads.
 *
 * @since 0.1.0
 */
public final class GrokHealthIndicator implements HealthIndicator {

	private final Probe probe;

	private final String host;

	private final Set<String> requiredModels;

	private final ModelCatalog catalog;

	private final Supplier<List<Impediment>> impediments;

	/**
	 * Create an indicator.
	 * @param probe finds out whether xAI can be used
	 * @param baseUrl the URL that is asked; only its host is shown
	 * @param requiredModels the models that must be served
	 * @param catalog tells which names mean the same model
	 * @param impediments what keeps calls from being made at the moment
	 */
	public GrokHealthIndicator(Probe probe, String baseUrl, Set<String> requiredModels, ModelCatalog catalog,
			Supplier<List<Impediment>> impediments) {
		this.probe = probe;
		this.host = String.valueOf(URI.create(baseUrl).getHost());
		this.requiredModels = new TreeSet<>(requiredModels);
		this.catalog = catalog;
		this.impediments = impediments;
	}

	@Override
	public Health health() {
		ProbeResult result = BlockingCall.await(this.probe.ask(), Context.empty());
		return (result != null) ? health(result) : Health.unknown().withDetail("host", this.host).build();
	}

	private Health health(ProbeResult result) {
		ProbeResult.Problem problem = result.problem();
		if (problem != null) {
			return Health.down()
				.withDetail("host", this.host)
				.withDetail("kind", problem.kind())
				.withDetail("message", problem.message())
				.build();
		}
		Map<String, List<String>> missing = missing(result.models());
		if (!missing.isEmpty()) {
			return seen(Health.down(), result).withDetail("kind", "model_not_found")
				.withDetail("missingModels", missing)
				.build();
		}
		List<Impediment> impediments = this.impediments.get();
		if (!impediments.isEmpty()) {
			return seen(Health.outOfService(), result).withDetail("impediments", impediments).build();
		}
		return seen(Health.up(), result).build();
	}

	private Health.Builder seen(Health.Builder health, ProbeResult result) {
		health.withDetail("host", this.host).withDetail("latency", result.latency().toMillis() + " ms");
		if (result.models() != null) {
			health.withDetail("models", result.models().size());
		}
		return health;
	}

	// by the name of each the names like it that are served
	private Map<String, List<String>> missing(@Nullable Set<String> served) {
		Map<String, List<String>> missing = new LinkedHashMap<>();
		if (served != null) {
			for (String required : this.requiredModels) {
				if (!isServed(required, served)) {
					List<String> similar = new ArrayList<>(this.catalog.similar(required));
					similar.retainAll(served);
					missing.put(required, similar);
				}
			}
		}
		return missing;
	}

	private boolean isServed(String required, Set<String> served) {
		GrokModel model = this.catalog.find(required);
		if (served.contains(required) || (model != null && served.contains(model.id()))) {
			return true;
		}
		return model != null && model.status() == GrokModel.Status.REDIRECTED && model.retirement() != null
				&& served.contains(String.valueOf(model.retirement().replacement()));
	}

}
