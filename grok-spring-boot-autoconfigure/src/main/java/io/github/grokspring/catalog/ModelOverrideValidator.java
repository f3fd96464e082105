package io.github.grokspring.catalog;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

import io.github.grokspring.catalog.ModelOverride.Price;
import org.jspecify.annotations.Nullable;

/**
 * Validates overrides against the catalog that they change.
 */
final class ModelOverrideValidator {

	private final ModelCatalog catalog;

	private final Map<String, ModelOverride> byId = new LinkedHashMap<>();

	private final Map<String, String> names = new HashMap<>();

	private ModelOverrideValidator(ModelCatalog catalog) {
		this.catalog = catalog;
	}

	/**
	 * Validates overrides.
	 * @param overrides the overrides by id or alias
	 * @param catalog the catalog that they change
	 * @return the overrides by id
	 * @throws ModelOverrideException if an override is invalid
	 */
	static Map<String, ModelOverride> validate(Map<String, ModelOverride> overrides, ModelCatalog catalog) {
		ModelOverrideValidator checked = new ModelOverrideValidator(catalog);
		overrides.forEach(checked::add);
		overrides.forEach(checked::requireUniqueAliases);
		return Map.copyOf(checked.byId);
	}

	private void add(String name, ModelOverride override) {
		GrokModel model = this.catalog.get(name);
		requirePrice(name, override.price(), model);
		requireEffort(name, override, model);
		String id = model.known() ? model.id() : name;
		if (this.byId.put(id, override) != null) {
			throw new ModelOverrideException(name, "aliases",
					"belongs to a model that is configured under another name as well: '" + id + "' is the same model",
					"Move all properties of the model to '" + id + "'.");
		}
		this.names.put(name, id);
		this.names.put(id, id);
	}

	private void requireUniqueAliases(String name, ModelOverride override) {
		String id = this.names.getOrDefault(name, name);
		for (String alias : override.aliases()) {
			GrokModel known = this.catalog.find(alias);
			String other = this.names.putIfAbsent(alias, id);
			boolean taken = (other != null) ? !other.equals(id)
					: known != null && known.id().equals(alias) && !known.id().equals(id);
			if (taken) {
				throw new ModelOverrideException(name, "aliases",
						"contains '" + alias + "', which is another model of the catalog or the configuration",
						"Remove it, or choose another name.");
			}
		}
	}

	private static void requirePrice(String name, @Nullable Price price, GrokModel model) {
		if (price == null) {
			return;
		}
		Prices known = model.prices().isEmpty() ? Prices.UNKNOWN : model.prices().get(0);
		if (price.hasTokenPrices() && known.tokens() == null && (price.input() == null || price.output() == null)) {
			throw new ModelOverrideException(name, (price.input() == null) ? "price.input" : "price.output",
					"is not set, and the catalog has no price for this model",
					"Set prices for both input and output, in US dollars per million tokens.");
		}
		Integer given = price.longContextThreshold();
		int threshold = (given != null) ? given : known.longContextThreshold();
		if (price.hasLongContextPrices() && threshold == 0) {
			throw new ModelOverrideException(name, "price.long-context-threshold",
					"is not set, but there is a price for long prompts",
					"Set the property to the number of prompt tokens from which that price applies.");
		}
	}

	private static void requireEffort(String name, ModelOverride override, GrokModel model) {
		String effort = override.defaultReasoningEffort();
		GrokModel changed = override.applyTo(model);
		if (effort != null && !changed.reasoningEfforts().contains(effort)) {
			throw new ModelOverrideException(name, "reasoning-effort-default",
					"is '" + effort + "', which is not an effort that this model accepts",
					changed.reasoningEfforts().isEmpty()
							? "Add the effort to 'reasoning-efforts', or remove the property."
							: "Set the property to one of: " + String.join(", ", changed.reasoningEfforts()) + ".");
		}
	}

}
