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
 * What xAI refused although the catalogue allows it, until the catalogue is refreshed.
 * Looking up neither locks nor allocates.
 */
final class LearnedUnsupported {

	private static final int MOST = 256;

	private final LongSupplier revision;

	private volatile Memory memory = new Memory(0, 0, Map.of());

	/**
	 * Remember nothing yet.
	 * @param revision the revision of the catalogue; what was learned before it was
	 * refreshed is forgotten
	 */
	LearnedUnsupported(LongSupplier revision) {
		this.revision = revision;
	}

	/**
	 * What a model refused.
	 * @param model the name it was asked by
	 * @return the refused values by parameter, no value for all of them
	 */
	Map<String, Set<String>> of(String model) {
		Memory known = this.memory;
		if (known.models.isEmpty() || known.revision != this.revision.getAsLong()) {
			return Map.of();
		}
		return known.models.getOrDefault(model, Map.of());
	}

	/**
	 * Remember a refusal.
	 * @param model the name it was asked by
	 * @param parameter what it refused
	 * @param value the only value that it refused, or {@code null} if it refused any
	 * @return {@code false} if that is known already, or there is no room for it
	 */
	synchronized boolean add(String model, String parameter, @Nullable String value) {
		long now = this.revision.getAsLong();
		Memory known = (this.memory.revision == now) ? this.memory : new Memory(now, 0, Map.of());
		Set<String> values = known.models.getOrDefault(model, Map.of()).get(parameter);
		if (known.size >= MOST || (values != null && (values.isEmpty() || (value != null && values.contains(value))))) {
			return false;
		}
		Map<String, Set<String>> parameters = new LinkedHashMap<>(known.models.getOrDefault(model, Map.of()));
		parameters.put(parameter, (value != null) ? with(values, value) : Set.of());
		Map<String, Map<String, Set<String>>> models = new LinkedHashMap<>(known.models);
		models.put(model, Collections.unmodifiableMap(parameters));
		this.memory = new Memory(now, known.size + 1, models);
		return true;
	}

	/**
	 * Everything that is remembered.
	 * @return the parameters by model; a refused value stands behind an equals sign, as
	 * it is if it is an effort, which alone may be shown
	 */
	Map<String, Set<String>> all() {
		Memory known = this.memory;
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
				values.forEach((value) -> names.add(parameter + "=" + shown(parameter, value)));
			});
			all.put(model, Collections.unmodifiableSet(names));
		});
		return Collections.unmodifiableMap(all);
	}

	private static String shown(String parameter, String value) {
		return (ReasoningEfforts.FIELD.equals(parameter) && ReasoningEfforts.isEffort(value)) ? value : "…";
	}

	private static Set<String> with(@Nullable Set<String> values, String value) {
		Set<String> all = new LinkedHashSet<>((values != null) ? values : Set.of());
		all.add(value);
		return Collections.unmodifiableSet(all);
	}

	private record Memory(long revision, int size, Map<String, Map<String, Set<String>>> models) {

	}

}
