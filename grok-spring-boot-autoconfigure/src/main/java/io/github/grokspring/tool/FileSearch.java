package io.github.grokspring.tool;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Server-side tool that searches document collections uploaded to xAI.
 *
 * @param collections the collection ids, from 1 to 10
 * @param maxResults the maximum number of results per search, or {@code null} for the
 * default of xAI
 * @since 0.1.0
 */
public record FileSearch(List<String> collections, @Nullable Integer maxResults) implements ServerTool {

	/** Maximum number of collections. */
	public static final int MAX_COLLECTIONS = 10;

	/**
	 * Creates a new {@code FileSearch} instance.
	 * @throws IllegalArgumentException if xAI would reject a parameter; the message names
	 * it
	 */
	public FileSearch {
		collections = ToolAssert.names("collections", collections, MAX_COLLECTIONS);
		if (collections.isEmpty()) {
			throw new IllegalArgumentException("'collections' is empty but must have at least one id");
		}
		if (maxResults != null && maxResults < 1) {
			throw new IllegalArgumentException("'maxResults' is " + maxResults + " but must be at least 1");
		}
	}

	/**
	 * Returns a copy of this tool with different collections.
	 * @param collections the collection ids, from 1 to 10
	 * @return a new tool
	 */
	public FileSearch withCollections(String... collections) {
		return new FileSearch(List.of(collections), this.maxResults);
	}

	/**
	 * Returns a copy of this tool with a different maximum number of results.
	 * @param maxResults the maximum number of results per search
	 * @return a new tool
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
