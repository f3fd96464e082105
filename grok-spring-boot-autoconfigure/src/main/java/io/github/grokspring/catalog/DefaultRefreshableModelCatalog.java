package io.github.grokspring.catalog;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import io.github.grokspring.catalog.GrokModel.Status;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * {@link RefreshableModelCatalog} that replaces a {@link CatalogSnapshot} with each
 * refresh.
 */
final class DefaultRefreshableModelCatalog implements RefreshableModelCatalog {

	private static final Log logger = LogFactory.getLog(DefaultRefreshableModelCatalog.class);

	private final Map<String, ModelOverride> overrides;

	private final Supplier<Mono<byte[]>> source;

	private final InstantSource clock;

	private final AtomicBoolean failing = new AtomicBoolean();

	private List<ModelEntry> entries = BundledModels.entries();

	private volatile CatalogSnapshot current;

	DefaultRefreshableModelCatalog(Map<String, ModelOverride> overrides, Supplier<Mono<byte[]>> source,
			InstantSource clock) {
		this.overrides = overrides;
		this.source = source;
		this.clock = clock;
		this.current = CatalogSnapshot.of(this.entries, overrides, 0);
	}

	@Override
	public Mono<Boolean> refresh() {
		return Mono.defer(this.source)
			.switchIfEmpty(Mono.error(() -> new IllegalArgumentException("the response is empty")))
			.map(this::apply)
			.onErrorResume((failure) -> {
				failed(failure);
				return Mono.just(false);
			});
	}

	@Override
	public Disposable refreshEvery(@Nullable Duration interval, Scheduler scheduler) {
		Mono<Boolean> refresh = refresh().subscribeOn(scheduler);
		if (interval == null) {
			return refresh.subscribe();
		}
		return refresh.repeatWhen((refreshed) -> refreshed.delayElements(interval, scheduler)).subscribe();
	}

	// Synchronizes refreshes only; lookups do not wait.
	private synchronized boolean apply(byte[] body) {
		List<ModelEntry> merged = CatalogMerger.merge(this.entries, ModelListing.read(body), this.clock.instant());
		boolean changed = logChanges(merged);
		this.current = CatalogSnapshot.of(merged, this.overrides, this.current.revision() + 1);
		this.entries = merged;
		if (this.failing.getAndSet(false)) {
			logger.info("Refreshing the model catalog from xAI succeeded again");
		}
		return changed;
	}

	// The date of the check is not a change.
	private static List<ModelEntry> undated(List<ModelEntry> entries) {
		return entries.stream().map((entry) -> entry.withChecked(null)).toList();
	}

	private boolean logChanges(List<ModelEntry> merged) {
		Set<ModelEntry> before = new HashSet<>(undated(this.entries));
		List<String> ids = undated(merged).stream()
			.filter((entry) -> !before.contains(entry))
			.map(ModelEntry::id)
			.toList();
		if (!ids.isEmpty()) {
			logger.info("The model catalog was updated from the list of xAI: " + String.join(", ", ids));
		}
		List<String> unlisted = merged.stream()
			.filter((entry) -> entry.status() == Status.UNLISTED && ids.contains(entry.id()))
			.map(ModelEntry::id)
			.toList();
		if (!unlisted.isEmpty()) {
			logger.info("xAI no longer lists " + String.join(", ", unlisted)
					+ ". Requests for these models are likely to fail with status 404.");
		}
		return !ids.isEmpty();
	}

	private void failed(Throwable failure) {
		String message = "The model catalog could not be refreshed from xAI and remains unchanged: "
				+ failure.getMessage();
		if (!this.failing.getAndSet(true)) {
			logger.warn(message);
		}
		else {
			logger.debug(message, failure);
		}
	}

	@Override
	public @Nullable GrokModel find(String name) {
		return this.current.find(name);
	}

	@Override
	public GrokModel get(String name) {
		return this.current.get(name);
	}

	@Override
	public Collection<GrokModel> models() {
		return this.current.models();
	}

	@Override
	public List<String> similar(String name) {
		return this.current.similar(name);
	}

	@Override
	public long revision() {
		return this.current.revision();
	}

}
