package io.github.grokspring.catalog;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Catalog of xAI's models: their parameters, prices and retirements.
 * <p>
 * A name may have a provider prefix, as in {@code x-ai/grok-4.3}, which is ignored unless
 * the catalog contains the full name. Lookups do not lock. Models are immutable, but a
 * catalog may change when it is refreshed. Thread-safe.
 *
 * @since 0.1.0
 */
public interface ModelCatalog {

	/**
	 * Finds a model by name.
	 * @param name an id or alias, current or retired
	 * @return the model, or {@code null} if it is unknown
	 */
	@Nullable GrokModel find(String name);

	/**
	 * Returns a model by name, or a placeholder for an unknown one, which has the
	 * parameters of its model family but no prices.
	 * @param name an id or alias
	 * @return the model or placeholder; see {@link GrokModel#known()}
	 */
	GrokModel get(String name);

	/**
	 * Returns the model that serves requests for a name: the model of an alias, or the
	 * replacement of a redirected model.
	 * @param name an id or alias
	 * @return the model, or a placeholder if it is unknown
	 */
	default GrokModel resolve(String name) {
		GrokModel model = get(name);
		GrokModel.Retirement retirement = model.retirement();
		String replacement = (retirement != null && model.status() == GrokModel.Status.REDIRECTED)
				? retirement.replacement() : null;
		return (replacement != null) ? get(replacement) : model;
	}

	/**
	 * Returns the id of the model that serves requests for a name.
	 * @param name an id or alias
	 * @return the id, or the name itself if the model is unknown
	 * @see #resolve
	 */
	default String resolveId(String name) {
		GrokModel model = resolve(name);
		return model.known() ? model.id() : name;
	}

	/**
	 * Returns the fee for a run of a server-side tool, in addition to tokens.
	 * @param tool the tool as named in usage, such as {@code web_search}
	 * @param at the time of the run
	 * @return the fee in ticks, 0 if there is none
	 */
	default long toolFee(String tool, Instant at) {
		return BundledModels.toolFee(tool, at);
	}

	/**
	 * Returns all models: current ones first, and newest first among them.
	 * @return the models
	 */
	Collection<GrokModel> models();

	/**
	 * Returns the model family of a name.
	 * @param name a model name, known or unknown
	 * @return the model whose name it continues, or else the models whose names differ
	 * only in version or date; may be empty
	 */
	default List<GrokModel> family(String name) {
		return NameStem.family(name, models());
	}

	/**
	 * Returns names similar to an unknown one, most similar first.
	 * @param name the name
	 * @return at most three ids of current models
	 */
	List<String> similar(String name);

	/**
	 * Returns the revision, which grows with every successful refresh, even without
	 * changes. What has been learned about models may be outdated after that.
	 * @return the revision
	 */
	long revision();

	/**
	 * Returns the catalog of this library.
	 * @return an immutable catalog
	 */
	static ModelCatalog bundled() {
		return BundledModels.catalog();
	}

	/**
	 * Returns the catalog of this library with overrides.
	 * @param overrides the overrides by id or alias; an unknown id adds a model
	 * @return an immutable catalog
	 * @throws ModelOverrideException if an override does not match its model
	 */
	static ModelCatalog bundled(Map<String, ModelOverride> overrides) {
		return CatalogSnapshot.of(BundledModels.entries(),
				ModelOverrideValidator.validate(overrides, BundledModels.catalog()), 0);
	}

}
