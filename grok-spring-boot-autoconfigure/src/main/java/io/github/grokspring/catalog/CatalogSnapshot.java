package io.github.grokspring.catalog;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.grokspring.catalog.GrokModel.Status;
import org.jspecify.annotations.Nullable;

/**
 * Immutable {@link ModelCatalog}.
 */
final class CatalogSnapshot implements ModelCatalog {

	private final List<GrokModel> models;

	private final Map<String, GrokModel> byName;

	private final FamilyDefaults families;

	private final long revision;

	private CatalogSnapshot(List<GrokModel> models, long revision) {
		this.models = models;
		this.byName = byName(models);
		this.families = new FamilyDefaults(models);
		this.revision = revision;
	}

	/**
	 * Creates a catalog.
	 * @param entries the entries, newest first
	 * @param overrides the overrides by model id
	 * @param revision the revision of the catalog
	 */
	static CatalogSnapshot of(List<ModelEntry> entries, Map<String, ModelOverride> overrides, long revision) {
		List<ModelEntry> all = entries;
		if (!overrides.isEmpty()) {
			all = withAdded(entries, overrides.keySet(), of(entries, Map.of(), revision));
		}
		List<GrokModel> models = new ArrayList<>(new ModelResolver(all, overrides).models());
		models.sort(Comparator.comparing(GrokModel::status));
		return new CatalogSnapshot(List.copyOf(models), revision);
	}

	private static List<ModelEntry> withAdded(List<ModelEntry> entries, Set<String> ids, CatalogSnapshot catalog) {
		List<ModelEntry> all = new ArrayList<>(entries);
		for (String id : ids) {
			GrokModel like = catalog.get(id);
			if (!like.id().equals(id)) {
				all.add(new ModelEntry(id, Set.of(), null, null, Status.CURRENT, ModelCapabilities.of(like), List.of(),
						null));
			}
		}
		return all;
	}

	private static Map<String, GrokModel> byName(List<GrokModel> models) {
		Map<String, GrokModel> byName = new HashMap<>();
		for (GrokModel model : models) {
			model.aliases().forEach((alias) -> byName.putIfAbsent(alias, model));
		}
		models.forEach((model) -> byName.put(model.id(), model));
		return byName;
	}

	@Override
	public @Nullable GrokModel find(String name) {
		GrokModel model = this.byName.get(name);
		return (model != null || name.indexOf('/') < 0) ? model : this.byName.get(withoutProvider(name));
	}

	@Override
	public GrokModel get(String name) {
		GrokModel model = find(name);
		return (model != null) ? model : this.families.of(withoutProvider(name));
	}

	private static String withoutProvider(String name) {
		return name.substring(name.lastIndexOf('/') + 1);
	}

	@Override
	public Collection<GrokModel> models() {
		return this.models;
	}

	@Override
	public List<String> similar(String name) {
		return SimilarNames.to(name, this.models);
	}

	@Override
	public long revision() {
		return this.revision;
	}

}
