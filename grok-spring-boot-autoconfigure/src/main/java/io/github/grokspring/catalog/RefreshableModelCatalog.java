package io.github.grokspring.catalog;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * {@link ModelCatalog} that is refreshed with the prices and parameters in xAI's list of
 * language models. Concurrent lookups see either the old or the new state.
 *
 * @since 0.1.0
 */
public interface RefreshableModelCatalog extends ModelCatalog {

	/**
	 * Refreshes the catalog once. A failure changes nothing and is logged, as a warning
	 * the first time and at debug level until the next success. The list is parsed on the
	 * thread that delivers it.
	 * @return whether the catalog changed; never an error
	 */
	Mono<Boolean> refresh();

	/**
	 * Refreshes the catalog now and after every interval.
	 * @param interval the delay between refreshes, or {@code null} to refresh once
	 * @param scheduler the scheduler for refreshes and delays
	 * @return a handle that ends the refreshes, including one in progress
	 */
	Disposable refreshEvery(@Nullable Duration interval, Scheduler scheduler);

	/**
	 * Creates a catalog that is initially that of this library.
	 * @param overrides the overrides, which take precedence over refreshed values, by id
	 * or alias; an unknown id adds a model
	 * @param source supplies the response body of {@code GET /v1/language-models}
	 * @param clock the time source for the start of new prices
	 * @return the catalog
	 * @throws ModelOverrideException if an override does not match its model
	 */
	static RefreshableModelCatalog create(Map<String, ModelOverride> overrides, Supplier<Mono<byte[]>> source,
			InstantSource clock) {
		return new DefaultRefreshableModelCatalog(ModelOverrideValidator.validate(overrides, BundledModels.catalog()),
				source, clock);
	}

}
