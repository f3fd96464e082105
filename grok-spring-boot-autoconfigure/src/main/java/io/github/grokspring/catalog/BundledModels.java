package io.github.grokspring.catalog;

/**
 * The models that come with this library.
 */
final class BundledModels {

	private BundledModels() {
	}

	static ModelCatalog catalog() {
		throw new UnsupportedOperationException();
	}

}
