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
 * {@link HealthIndicator} for xAI. Checks that the API key is valid, that xAI serves the
 * required models, and that nothing in this application prevents calls. Checks are never
 * billed. Details contain no API keys, prompts, responses or texts of exceptions.
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class GrokHealthIndicator implements HealthIndicator {

	private final Probe probe;

	private final String host;

	private final Collection<String> requiredModels;

	private final ModelCatalog catalog;

	private final Supplier<List<HealthProblem>> problems;

	private final Supplier<Map<String, String>> notices;

	/**
	 * Creates an indicator.
	 * @param probe the probe
	 * @param host the host that requests are sent to
	 * @param requiredModels the models that xAI must serve
	 * @param catalog the catalog to find similar names of missing models
	 * @param problems the supplier of current problems that prevent calls; may block
	 */
	public GrokHealthIndicator(Probe probe, String host, Collection<String> requiredModels, ModelCatalog catalog,
			Supplier<List<HealthProblem>> problems) {
		this(probe, host, requiredModels, catalog, problems, Map::of);
	}

	/**
	 * Creates an indicator.
	 * @param probe the probe
	 * @param host the host that requests are sent to
	 * @param requiredModels the models that xAI must serve
	 * @param catalog the catalog to find similar names of missing models
	 * @param problems the supplier of current problems that prevent calls; may block
	 * @param notices the supplier of details that do not change the status; may block
	 */
	public GrokHealthIndicator(Probe probe, String host, Collection<String> requiredModels, ModelCatalog catalog,
			Supplier<List<HealthProblem>> problems, Supplier<Map<String, String>> notices) {
		this.probe = probe;
		this.host = host;
		this.requiredModels = new TreeSet<>(requiredModels);
		this.catalog = catalog;
		this.problems = problems;
		this.notices = notices;
	}

	@Override
	public Health health() {
		ProbeResult result;
		try {
			result = BlockingSubscriber.await(this.probe.probe());
		}
		catch (GrokException ex) {
			// Interrupted, or on a thread that must not block
			return unknown().withDetail("problem", String.valueOf(ex.getMessage())).build();
		}
		return (result != null) ? health(result) : unknown().build();
	}

	/**
	 * Returns a non-blocking indicator that uses the same probe.
	 * @return the reactive indicator
	 */
	public ReactiveHealthIndicator reactive() {
		return this::reactiveHealth;
	}

	private Mono<Health> reactiveHealth() {
		return this.probe.probe()
			// Problems and notices may block. The threads of the application may all be
			// blocked.
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
		List<HealthProblem> problems = this.problems.get();
		Health.Builder status = status(result, problems, details);
		if (!problems.isEmpty()) {
			details.put("problems", problems.stream().map(HealthProblem::details).toList());
		}
		return status.withDetails(details).build();
	}

	private Health.Builder status(ProbeResult result, List<HealthProblem> problems, Map<String, Object> details) {
		ProbeResult.Problem problem = result.problem();
		Map<String, List<String>> missing = missing(result);
		if (problem == null && !missing.isEmpty()) {
			details.put("missing", missing);
			problem = ProbeResult.Problem.of(ErrorKind.MODEL_NOT_FOUND, 0,
					"xAI does not serve all required models to this team",
					"Set 'grok.chat.model', 'grok.clients.<name>.model' or 'grok.health.required-models' to models that it serves.");
		}
		if (problem != null) {
			details.put("kind", problem.kind());
			if (problem.status() > 0) {
				details.put("httpStatus", problem.status());
			}
			details.put("problem", problem.description());
			details.put("action", problem.action());
			return Health.down();
		}
		if (!problems.isEmpty()) {
			return Health.outOfService();
		}
		return (result.at() != null) ? Health.up() : Health.unknown();
	}

	// Missing models with the similar names that are served
	private Map<String, List<String>> missing(ProbeResult result) {
		Map<String, List<String>> missing = new LinkedHashMap<>();
		for (String required : this.requiredModels) {
			if (result.rejectedModels().contains(required)
					|| (result.models() != null && !result.names().contains(required))) {
				List<String> similar = new ArrayList<>(this.catalog.similar(required));
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
