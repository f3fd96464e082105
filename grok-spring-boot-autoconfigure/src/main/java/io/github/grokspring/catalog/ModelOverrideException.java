package io.github.grokspring.catalog;

/**
 * Thrown when a {@link ModelOverride} does not match its model.
 *
 * @since 0.1.0
 */
@SuppressWarnings("serial")
public class ModelOverrideException extends IllegalArgumentException {

	private final String model;

	private final String setting;

	private final String problem;

	private final String action;

	ModelOverrideException(String model, String setting, String problem, String action) {
		super("'" + setting + "' of model '" + model + "' " + problem + ". " + action);
		this.model = model;
		this.setting = setting;
		this.problem = problem;
		this.action = action;
	}

	/**
	 * Returns the model.
	 * @return the configured name of the model
	 */
	public String model() {
		return this.model;
	}

	/**
	 * Returns the invalid setting.
	 * @return the configuration key below that of the model
	 */
	public String setting() {
		return this.setting;
	}

	/**
	 * Returns the problem.
	 * @return the rest of a sentence that begins with the setting, without a full stop
	 */
	public String problem() {
		return this.problem;
	}

	/**
	 * Returns the suggested action.
	 * @return a sentence
	 */
	public String action() {
		return this.action;
	}

}
