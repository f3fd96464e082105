package io.github.grokspring.actuate;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Supplier;

import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.StreamScheduler;
import io.github.grokspring.connection.BlockingSubscriber;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokException;
import reactor.core.publisher.Mono;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;

/**
 * Health of the way to xAI: whether the key is good, the models in use are served and
 * nothing of this application keeps calls from being made. Never billed. Details are
 * names, numbers and words of ours: no key, no prompt, no answer and no text of a
 * failure. Safe for use by several threads.
 *
 * @since 0.1.0
 */
public final class GrokHealthIndicator implements HealthIndicator {

	private final Probe probe;

	private final String host;

	private final Collection<String> requiredModels;

	private final ModelCatalog catalog;

	private final Supplier<List<HealthProblem>> impediments;

	private final Supplier<Map<String, String>> notices;

	/**
	 * Create an indicator.
	 * @param probe finds out whether xAI can be used
	 * @param host the name of the machine that is asked
	 * @param requiredModels the models that must be served
	 * @param catalog tells which names are like one that is not served
	 * @param impediments what keeps calls from being made at the moment; may block
	 */
	public GrokHealthIndicator(Probe probe, String host, Collection<String> requiredModels, ModelCatalog catalog,
			Supplier<List<HealthProblem>> impediments) {
		this(probe, host, requiredModels, catalog, impediments, Map::of);
	}

	/**
	 * Create an indicator.
	 * @param probe finds out whether xAI can be used
	 * @param host the name of the machine that is asked
	 * @param requiredModels the models that must be served
	 * @param catalog tells which names are like one that is not served
	 * @param impediments what keeps calls from being made at the moment; may block
	 * @param notices further details, which do not change the status; may block
	 */
	public GrokHealthIndicator(Probe probe, String host, Collection<String> requiredModels, ModelCatalog catalog,
			Supplier<List<HealthProblem>> impediments, Supplier<Map<String, String>> notices) {
		this.probe = probe;
		this.host = host;
		this.requiredModels = new TreeSet<>(requiredModels);
		this.catalog = catalog;
		this.impediments = impediments;
		this.notices = notices;
	}

	@Override
	public Health health() {
		ProbeResult result;
		try {
			result = BlockingSubscriber.await(this.probe.probe());
		}
		catch (GrokException ex) {
			// Interrupted, or on a thread that must not wait: nothing was found out
			return unknown().withDetail("problem", String.valueOf(ex.getMessage())).build();
		}
		return (result != null) ? health(result) : unknown().build();
	}

	/**
	 * The same for callers that do not wait. Both ask the same probe.
	 * @return an indicator that blocks no event loop
	 */
	public ReactiveHealthIndicator reactive() {
		return this::later;
	}

	private Mono<Health> later() {
		return this.probe.probe()
			// Impediments may block; not where the application's blocked calls stand
			.publishOn(StreamScheduler.scheduler())
			.map(this::health)
			.switchIfEmpty(Mono.fromSupplier(() -> unknown().build()));
	}

	private Health.Builder unknown() {
		return Health.unknown().withDetail("host", this.host);
	}

	private Health health(ProbeResult result) {
		Map<String, Object> details = new LinkedHashMap<>();
		details.put("host", this.host);
		if (result.at() != null) {
			details.put("at", result.at().toString());
		}
		if (result.latency() != null) {
			details.put("latency", result.latency().toMillis() + " ms");
		}
		if (result.models() != null) {
			details.put("models", result.models());
		}
		details.putAll(this.notices.get());
		List<HealthProblem> impediments = this.impediments.get();
		Health.Builder status = status(result, impediments, details);
		if (!impediments.isEmpty()) {
			details.put("impediments", impediments.stream().map(HealthProblem::details).toList());
		}
		return status.withDetails(details).build();
	}

	private Health.Builder status(ProbeResult result, List<HealthProblem> impediments, Map<String, Object> details) {
		ProbeResult.Problem problem = result.problem();
		Map<String, List<String>> missing = missing(result);
		if (problem == null && !missing.isEmpty()) {
			details.put("missing", missing);
			problem = ProbeResult.Problem.of(ErrorKind.MODEL_NOT_FOUND, 0,
					"xAI does not serve this team every model that is needed",
					"Write names of models that it serves in 'grok.chat.model', 'grok.clients.<name>.model' or 'grok.health.required-models'.");
		}
		if (problem != null) {
			details.put("kind", problem.kind());
			if (problem.status() > 0) {
				details.put("httpStatus", problem.status());
			}
			details.put("problem", problem.what());
			details.put("action", problem.action());
			return Health.down();
		}
		if (!impediments.isEmpty()) {
			return Health.outOfService();
		}
		return (result.at() != null) ? Health.up() : Health.unknown();
	}

	// by the name of each the names like it that can be used
	private Map<String, List<String>> missing(ProbeResult result) {
		Map<String, List<String>> missing = new LinkedHashMap<>();
		for (String required : this.requiredModels) {
			if (result.refused().contains(required)
					|| (result.models() != null && !result.names().contains(required))) {
				List<String> similar = new ArrayList<>(this.catalog.similar(required));
				// What it stands for is the best guess
				String id = this.catalog.resolveId(required);
				similar.remove(id);
				similar.add(0, id);
				if (result.models() != null) {
					similar.retainAll(result.models());
				}
				similar.remove(required);
				missing.put(required, similar);
			}
		}
		return missing;
	}

}
