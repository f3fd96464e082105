package io.github.grokspring.tool;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Searches collections of documents that were uploaded to xAI.
 *
 * @param collections ids of the collections, from 1 to 10
 * @param maxResults how many results a search gives at most, or {@code null}
 * @since 0.1.0
 */
public record FileSearch(List<String> collections, @Nullable Integer maxResults) implements ServerTool {

	/** How many collections xAI takes. */
	public static final int MAX_COLLECTIONS = 10;

	/**
	 * Check collections and results.
	 * @throws IllegalArgumentException if xAI would refuse them, naming the parameter
	 */
	public FileSearch {
		collections = ToolAssert.names("collections", collections, MAX_COLLECTIONS);
		if (collections.isEmpty()) {
			throw new IllegalArgumentException("'collections' is empty and must have at least one id");
		}
		if (maxResults != null && maxResults < 1) {
			throw new IllegalArgumentException("'maxResults' is " + maxResults + " but must be at least 1");
		}
	}

	/**
	 * The same tool on other collections.
	 * @param collections ids of the collections, from 1 to 10
	 * @return a tool
	 */
	public FileSearch withCollections(String... collections) {
		return new FileSearch(List.of(collections), this.maxResults);
	}

	/**
	 * The same tool with fewer or more results.
	 * @param maxResults how many results a search gives at most
	 * @return a tool
	 */
	public FileSearch withMaxResults(int maxResults) {
		return new FileSearch(this.collections, maxResults);
	}

	@Override
	public String type() {
		return "file_search";
	}

	@Override
	public Map<String, Object> fields() {
		return new ToolFields(type()).list("vector_store_ids", this.collections)
			.value("max_num_results", this.maxResults)
			.toMap();
	}

}
