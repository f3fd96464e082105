package io.github.grokspring.scrub;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import io.github.grokspring.catalog.GrokModel;
import io.github.grokspring.catalog.ModelCatalog;

/**
 * Bundled {@link ModelCatalog} with a revision that tests can increment.
 */
final class RevisedCatalog implements ModelCatalog {

	private final ModelCatalog bundled = ModelCatalog.bundled();

	private final AtomicLong revision = new AtomicLong();

	void revise() {
		this.revision.incrementAndGet();
	}

	@Override
	public GrokModel find(String name) {
		return this.bundled.find(name);
	}

	@Override
	public GrokModel get(String name) {
		return this.bundled.get(name);
	}

	@Override
	public Collection<GrokModel> models() {
		return this.bundled.models();
	}

	@Override
	public List<String> similar(String name) {
		return this.bundled.similar(name);
	}

	@Override
	public long revision() {
		return this.revision.get();
	}

}
