package io.github.grokspring.catalog;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

/**
 * Limits the number of distinct model names in meters and traces, as names come from
 * requests and responses and may be anything. Ids and aliases of the catalog are always
 * kept; other names up to a limit. Thread-safe.
 *
 * @since 0.1.0
 */
public final class BoundedModelNames {

	/** Replacement for names beyond the limit. */
	public static final String OTHER = "other";

	private static final int MAX_NAMES = 100;

	private static final int MAX_LENGTH = 100;

	private final Set<String> names = ConcurrentHashMap.newKeySet();

	private final ModelCatalog catalog;

	/**
	 * Creates a limit.
	 * @param catalog the catalog whose names are always kept
	 */
	public BoundedModelNames(ModelCatalog catalog) {
		this.catalog = catalog;
	}

	/**
	 * Returns the tag value for a name.
	 * @param name the name
	 * @return the name, the id of its model, or {@link #OTHER}
	 */
	public String of(@Nullable String name) {
		if (name == null || name.isBlank()) {
			return OTHER;
		}
		if (this.names.contains(name)) {
			return name;
		}
		GrokModel model = this.catalog.find(name);
		if (model != null) {
			// The name may have any provider prefix.
			return (name.equals(model.id()) || model.aliases().contains(name)) ? name : model.id();
		}
		// Concurrent calls may exceed the limit slightly, which is harmless.
		return (name.length() <= MAX_LENGTH && this.names.size() < MAX_NAMES && isPlain(name) && this.names.add(name))
				? name : (this.names.contains(name) ? name : OTHER);
	}

	private static boolean isPlain(String name) {
		return name.chars().allMatch((character) -> character > ' ' && character < 127);
	}

}
