package io.github.grokspring.scrub;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

import io.github.grokspring.chain.ReasoningEfforts;
import org.jspecify.annotations.Nullable;

/**
 * Parameters that xAI has rejected although the catalog allows them. A catalog refresh
 * clears them. Thread-safe; reads neither lock nor allocate.
 */
final class LearnedUnsupported {

	private static final int MAX_ENTRIES = 256;

	private final LongSupplier revision;

	private volatile Snapshot snapshot = new Snapshot(0, 0, Map.of());

	/**
	 * Creates an empty instance.
	 * @param revision the revision of the catalog
	 */
	LearnedUnsupported(LongSupplier revision) {
		this.revision = revision;
	}

	/**
	 * Returns what a model has rejected.
	 * @param model the model name of the request
	 * @return the rejected values by parameter; no values if all are rejected
	 */
	Map<String, Set<String>> of(String model) {
		Snapshot known = this.snapshot;
		if (known.models.isEmpty() || known.revision != this.revision.getAsLong()) {
			return Map.of();
		}
		return known.models.getOrDefault(model, Map.of());
	}

	/**
	 * Adds a rejected parameter.
	 * @param model the model name of the request
	 * @param parameter the rejected parameter
	 * @param value the rejected value, or {@code null} if all are rejected
	 * @return {@code false} if it is known already or the limit of entries is reached
	 */
	synchronized boolean add(String model, String parameter, @Nullable String value) {
		long now = this.revision.getAsLong();
		Snapshot known = (this.snapshot.revision == now) ? this.snapshot : new Snapshot(now, 0, Map.of());
		Set<String> values = known.models.getOrDefault(model, Map.of()).get(parameter);
		if (known.size >= MAX_ENTRIES
				|| (values != null && (values.isEmpty() || (value != null && values.contains(value))))) {
			return false;
		}
		Map<String, Set<String>> parameters = new LinkedHashMap<>(known.models.getOrDefault(model, Map.of()));
		parameters.put(parameter, (value != null) ? with(values, value) : Set.of());
		Map<String, Map<String, Set<String>>> models = new LinkedHashMap<>(known.models);
		models.put(model, Collections.unmodifiableMap(parameters));
		this.snapshot = new Snapshot(now, known.size + 1, models);
		return true;
	}

	/**
	 * Returns all learned parameters.
	 * @return the parameters by model; rejected values follow an equals sign and are
	 * masked unless they are reasoning efforts
	 */
	Map<String, Set<String>> all() {
		Snapshot known = this.snapshot;
		if (known.revision != this.revision.getAsLong()) {
			return Map.of();
		}
		Map<String, Set<String>> all = new LinkedHashMap<>();
		known.models.forEach((model, parameters) -> {
			Set<String> names = new LinkedHashSet<>();
			parameters.forEach((parameter, values) -> {
				if (values.isEmpty()) {
					names.add(parameter);
				}
				values.forEach((value) -> names.add(parameter + "=" + masked(parameter, value)));
			});
			all.put(model, Collections.unmodifiableSet(names));
		});
		return Collections.unmodifiableMap(all);
	}

	private static String masked(String parameter, String value) {
		return (ReasoningEfforts.FIELD.equals(parameter) && ReasoningEfforts.isEffort(value)) ? value : "…";
	}

	private static Set<String> with(@Nullable Set<String> values, String value) {
		Set<String> all = new LinkedHashSet<>((values != null) ? values : Set.of());
		all.add(value);
		return Collections.unmodifiableSet(all);
	}

	private record Snapshot(long revision, int size, Map<String, Map<String, Set<String>>> models) {

	}

}
