package io.github.grokspring.catalog;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The models of xAI: what each accepts, what it costs, and what became of the retired
 * ones. Lookups do not lock, and allocate only for names with a slash. What a look-up
 * returns never changes; the catalogue itself may, when it is refreshed. Safe for use by
 * several threads.
 * <p>
 * A name may have the name of a provider in front, as in {@code x-ai/grok-4.3}: unless it
 * is in the catalogue as it is, what follows the last slash counts.
 *
 * @since 0.1.0
 */
public interface ModelCatalog {

	/**
	 * Find the model that goes by a name.
	 * @param name an id or an alias, current or retired
	 * @return the model, or {@code null} when no such model is known
	 */
	@Nullable GrokModel find(String name);

	/**
	 * Find the model that goes by a name or, when there is none, what its family has in
	 * common: what is refused and accepted, but no prices.
	 * @param name an id or an alias
	 * @return the model, or one that stands for its family; {@link GrokModel#known()}
	 * tells which
	 */
	GrokModel get(String name);

	/**
	 * Returns the model that answers requests for a name: that of an alias, and the
	 * replacement of a model that is redirected.
	 * @param name an id or an alias
	 * @return the model or, when no such model is known, one that stands for its family
	 */
	default GrokModel resolve(String name) {
		GrokModel model = get(name);
		GrokModel.Retirement retirement = model.retirement();
		String replacement = (retirement != null && model.status() == GrokModel.Status.REDIRECTED)
				? retirement.replacement() : null;
		return (replacement != null) ? get(replacement) : model;
	}

	/**
	 * Returns the id of the model that answers requests for a name.
	 * @param name an id or an alias
	 * @return the id, or the name itself when no such model is known
	 * @see #resolve
	 */
	default String resolveId(String name) {
		GrokModel model = resolve(name);
		return model.known() ? model.id() : name;
	}

	/**
	 * Returns what xAI charges for one run of a server-side tool, in addition to tokens.
	 * @param tool the tool, as usage names it, such as {@code web_search}
	 * @param at the time of the run
	 * @return the fee in ticks, 0 if there is none
	 */
	default long toolFee(String tool, Instant at) {
		return BundledModels.toolFee(tool, at);
	}

	/**
	 * All models, the current ones first, the newest of them first.
	 * @return the models
	 */
	Collection<GrokModel> models();

	/**
	 * Returns the models that a name is a version of.
	 * @param name the name of a model, which need not be known
	 * @return the model whose name the name continues or else those that differ from it
	 * in nothing but versions and dates; empty if there are none
	 */
	default List<GrokModel> family(String name) {
		return NameStem.family(name, models());
	}

	/**
	 * Names of models that look like a name that is not known, the most similar first.
	 * @param name the name
	 * @return at most three ids of current models
	 */
	List<String> similar(String name);

	/**
	 * How often the catalogue has been refreshed. What was found out about models
	 * elsewhere may be outdated when this has grown.
	 * @return a number that grows with every successful refresh, also with one that
	 * changed nothing
	 */
	long revision();

	/**
	 * The catalogue that comes with this library.
	 * @return an immutable catalogue
	 */
	static ModelCatalog bundled() {
		return BundledModels.catalog();
	}

	/**
	 * The catalogue that comes with this library, changed by what an application knows
	 * better.
	 * @param overrides the changes, by id or alias; an id that is not known adds a model
	 * @return an immutable catalogue
	 * @throws ModelOverrideException if a change does not fit to its model
	 */
	static ModelCatalog bundled(Map<String, ModelOverride> overrides) {
		return CatalogSnapshot.of(BundledModels.entries(), ModelOverrides.checked(overrides, BundledModels.catalog()),
				0);
	}

}
