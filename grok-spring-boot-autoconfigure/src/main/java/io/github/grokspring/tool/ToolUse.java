package io.github.grokspring.tool;

import org.jspecify.annotations.Nullable;

/**
 * One use of a server-side tool. Answers list them in their metadata {@code grok.tools},
 * streams whenever something has changed. What the tool returned is not told by xAI.
 *
 * @param type which tool: {@code web_search}, {@code x_search}, {@code code_interpreter},
 * {@code file_search}, {@code mcp}, {@code image_generation}, or what is not known here
 * as xAI calls it
 * @param name what it did, as xAI calls it, such as {@code open_page} or
 * {@code x_keyword_search}; for an MCP server the name of its tool
 * @param query what was searched for
 * @param url what was opened
 * @param code what was run
 * @param status how far it is, such as {@code in_progress}, {@code searching},
 * {@code completed}
 * @since 0.1.0
 */
public record ToolUse(String type, @Nullable String name, @Nullable String query, @Nullable String url,
		@Nullable String code, @Nullable String status) {

	/**
	 * Key in the metadata of a {@code ChatResponse} under which a list of these is found.
	 */
	public static final String METADATA_KEY = "grok.tools";

	/**
	 * The status of a use that has finished.
	 */
	public static final String COMPLETED = "completed";

	/**
	 * Whether the tool has finished, so that xAI bills it.
	 * @return whether it has
	 */
	public boolean isCompleted() {
		return COMPLETED.equals(this.status);
	}

}
