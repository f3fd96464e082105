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
 * A catalogue that learns from xAI's list of language models what models cost and accept
 * today. Look-ups go on meanwhile, and see the old or the new state, nothing between.
 *
 * @since 0.1.0
 */
public interface RefreshableModelCatalog extends ModelCatalog {

	/**
	 * Ask for the list once and take over what it says. A list that cannot be had or
	 * understood changes nothing and is logged as a warning, once until a list could be
	 * taken over again.
	 * @return whether something changed; never an error. The list is read on the thread
	 * that brings it
	 */
	Mono<Boolean> refresh();

	/**
	 * Refresh now, and again after every interval.
	 * @param interval how long to wait after a refresh for the next one, or {@code null}
	 * to refresh once
	 * @param scheduler where refreshes begin and intervals are waited for
	 * @return ends it, a refresh under way included
	 */
	Disposable refreshEvery(@Nullable Duration interval, Scheduler scheduler);

	/**
	 * The catalogue that comes with this library, to be refreshed.
	 * @param overrides changes that go before what is learned, by id or alias; an id that
	 * is not known adds a model
	 * @param source asks for {@code GET /v1/language-models} and gives the body of the
	 * answer
	 * @param clock tells since when new prices hold
	 * @return the catalogue, not refreshed yet
	 * @throws ModelOverrideException if a change does not fit to its model
	 */
	static RefreshableModelCatalog create(Map<String, ModelOverride> overrides, Supplier<Mono<byte[]>> source,
			InstantSource clock) {
		return new RefreshedCatalog(ModelOverrides.checked(overrides, BundledModels.catalog()), source, clock);
	}

}
