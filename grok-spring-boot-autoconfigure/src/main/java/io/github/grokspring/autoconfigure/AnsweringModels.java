package io.github.grokspring.autoconfigure;

import java.util.function.UnaryOperator;

import io.github.grokspring.catalog.GrokModel;
import io.github.grokspring.catalog.ModelCatalog;

/**
 * The ids of the models that answer for names: an alias means its model, and for a
 * retired model another one answers.
 *
 * @param catalog knows the models
 */
record AnsweringModels(ModelCatalog catalog) implements UnaryOperator<String> {

	@Override
	public String apply(String name) {
		GrokModel model = this.catalog.find(name);
		GrokModel.Retirement retirement = (model != null) ? model.retirement() : null;
		String replacement = (retirement != null) ? retirement.replacement() : null;
		GrokModel answering = (replacement != null) ? this.catalog.find(replacement) : model;
		return (answering != null) ? answering.id() : name;
	}

}
