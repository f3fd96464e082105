package io.github.grokspring.catalog;

/**
 * What an application says about a model does not fit to what is known of it.
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
	 * The model that was to be changed.
	 * @return its name, as it was given
	 */
	public String model() {
		return this.model;
	}

	/**
	 * What does not fit.
	 * @return its name, as it is written in configuration below that of the model
	 */
	public String setting() {
		return this.setting;
	}

	/**
	 * What is wrong with it.
	 * @return a sentence that goes on from the name, without its full stop
	 */
	public String problem() {
		return this.problem;
	}

	/**
	 * What to do about it.
	 * @return a sentence
	 */
	public String action() {
		return this.action;
	}

}
