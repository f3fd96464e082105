package io.github.grokspring.autoconfigure;

import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.catalog.RefreshableModelCatalog;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationContextAware;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;

/**
 * Refreshes the catalog in the background, from when the application is ready until its
 * context closes. It stops before the connection is closed, so that no refresh fails
 * during shutdown.
 */
final class CatalogRefresh implements ApplicationContextAware {

	private final ModelCatalog catalog;

	private final GrokCatalogProperties properties;

	private final Scheduler scheduler;

	private final Disposable.Swap running = Disposables.swap();

	private @Nullable ApplicationContext context;

	CatalogRefresh(ModelCatalog catalog, GrokCatalogProperties properties, Scheduler scheduler) {
		this.catalog = catalog;
		this.properties = properties;
		this.scheduler = scheduler;
	}

	@Override
	public void setApplicationContext(ApplicationContext context) {
		this.context = context;
	}

	/**
	 * Whether the catalog is refreshed from xAI.
	 */
	boolean isOn() {
		return this.properties.refreshes() && this.catalog instanceof RefreshableModelCatalog;
	}

	@EventListener(ApplicationReadyEvent.class)
	void start() {
		// Child contexts publish the event too
		if (isOn() && this.running.get() == null && this.catalog instanceof RefreshableModelCatalog refreshable) {
			this.running.update(refreshable.refreshEvery(this.properties.interval(), this.scheduler));
		}
	}

	@EventListener
	void stop(ContextClosedEvent event) {
		if (event.getApplicationContext() == this.context) {
			this.running.dispose();
		}
	}

}
