package io.github.grokspring.catalog;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

/**
 * Limits how many names of models are told apart, for meters and traces: names come from
 * requests and answers, and so may be anything. Ids and aliases of the catalogue always
 * pass, of others as many as are allowed. Safe for use by several threads.
 *
 * @since 0.1.0
 */
public final class BoundedModelNames {

	/** Stands for all names that are not told apart. */
	public static final String OTHER = "other";

	private static final int MOST = 100;

	private static final int LONGEST = 100;

	private final Set<String> names = ConcurrentHashMap.newKeySet();

	private final ModelCatalog catalog;

	/**
	 * Tell names apart.
	 * @param catalog the models whose names always pass
	 */
	public BoundedModelNames(ModelCatalog catalog) {
		this.catalog = catalog;
	}

	/**
	 * The name as a tag may have it.
	 * @param name the name
	 * @return the name, or {@link #OTHER}
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
			// With any provider in front a name is found, too
			return (name.equals(model.id()) || model.aliases().contains(name)) ? name : model.id();
		}
		// A few more than the limit may get in at once, which does no harm.
		return (name.length() <= LONGEST && this.names.size() < MOST && isPlain(name) && this.names.add(name)) ? name
				: (this.names.contains(name) ? name : OTHER);
	}

	private static boolean isPlain(String name) {
		return name.chars().allMatch((character) -> character > ' ' && character < 127);
	}

}
