package io.github.grokspring.context;

import java.util.Objects;

import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.token.CalibratedEstimator;

/**
 * What the context window is kept by.
 *
 * @param catalog knows the windows of models
 * @param onOverflow what becomes of a prompt that does not fit
 * @param rough estimates every prompt that is not small
 * @param exact estimates prompts near the limit, and may take its time
 * @param local counts tokens in this process; learns from short prompts while it is ready
 * @since 0.1.0
 */
public record ContextWindowSettings(ModelCatalog catalog, OnOverflow onOverflow, CalibratedEstimator rough,
		CalibratedEstimator exact, CalibratedEstimator local) {

	/**
	 * Create terms.
	 */
	public ContextWindowSettings {
		Objects.requireNonNull(catalog, "'catalog' must not be null");
		Objects.requireNonNull(onOverflow, "'onOverflow' must not be null");
		Objects.requireNonNull(rough, "'rough' must not be null");
		Objects.requireNonNull(exact, "'exact' must not be null");
		Objects.requireNonNull(local, "'local' must not be null");
	}

}
