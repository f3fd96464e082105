package io.github.grokspring.context;

import java.util.Objects;

import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.token.CalibratedEstimator;

/**
 * Settings for fitting prompts into context windows.
 *
 * @param catalog provides the context windows
 * @param onOverflow action for prompts that are too long
 * @param rough estimates every prompt that is not small
 * @param exact estimates prompts close to the limit; may block
 * @param local counts tokens in this process; calibrated with short prompts while it is
 * ready
 * @since 0.1.0
 */
public record ContextWindowSettings(ModelCatalog catalog, OnOverflow onOverflow, CalibratedEstimator rough,
		CalibratedEstimator exact, CalibratedEstimator local) {

	/**
	 * Validates the settings.
	 */
	public ContextWindowSettings {
		Objects.requireNonNull(catalog, "'catalog' must not be null");
		Objects.requireNonNull(onOverflow, "'onOverflow' must not be null");
		Objects.requireNonNull(rough, "'rough' must not be null");
		Objects.requireNonNull(exact, "'exact' must not be null");
		Objects.requireNonNull(local, "'local' must not be null");
	}

}
