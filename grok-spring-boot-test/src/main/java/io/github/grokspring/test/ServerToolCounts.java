package io.github.grokspring.test;

import java.util.List;

import io.github.grokspring.test.ServerToolUse.XSearch;
import tools.jackson.core.JsonGenerator;

/**
 * Number of server-side tool calls and their fees. X search is billed per fetched post,
 * and at least one.
 */
record ServerToolCounts(List<ServerToolUse> uses) {

	private static final long TICKS_PER_CALL = 50_000_000;

	private static final long TICKS_PER_FILE_SEARCH = 25_000_000;

	private static final long TICKS_PER_IMAGE = 400_000_000;

	int total() {
		return this.uses.size();
	}

	long feeInTicks() {
		return TICKS_PER_CALL * (count("web_search") + count("code_interpreter") + postsFetched())
				+ TICKS_PER_FILE_SEARCH * count("file_search") + TICKS_PER_IMAGE * count("image_generation");
	}

	void write(JsonGenerator json) {
		json.writeObjectPropertyStart("server_side_tool_usage_details");
		json.writeNumberProperty("web_search_calls", count("web_search"));
		json.writeNumberProperty("x_search_calls", count("x_search"));
		json.writeNumberProperty("x_posts_fetched", postsFetched());
		json.writeNumberProperty("x_users_fetched", 0);
		json.writeNumberProperty("code_interpreter_calls", count("code_interpreter"));
		json.writeNumberProperty("file_search_calls", count("file_search"));
		json.writeNumberProperty("mcp_calls", count("mcp"));
		json.writeNumberProperty("document_search_calls", 0);
		json.writeNumberProperty("image_generation_calls", count("image_generation"));
		json.writeEndObject();
	}

	private long count(String tool) {
		return this.uses.stream().filter((use) -> use.tool().equals(tool)).count();
	}

	private long postsFetched() {
		long posts = 0;
		for (ServerToolUse use : this.uses) {
			posts += (use instanceof XSearch search) ? Math.max(1, search.posts().size()) : 0;
		}
		return posts;
	}

}
