package io.github.grokspring.tool;

import org.jspecify.annotations.Nullable;

/**
 * One use of a server-side tool. The response metadata lists them under
 * {@link #METADATA_KEY}; streams repeat the list whenever an entry changes. xAI does not
 * report the results of tools.
 *
 * @param type the tool: {@code web_search}, {@code x_search}, {@code code_interpreter},
 * {@code file_search}, {@code mcp}, {@code image_generation}, or the type that xAI uses
 * for a tool unknown to this version
 * @param name the action as named by xAI, such as {@code open_page} or {@code
 * x_keyword_search}; for an MCP server the name of its tool
 * @param query the search query
 * @param url the address that was opened
 * @param code the code that was run
 * @param status the status, such as {@code in_progress}, {@code searching} or {@code
 * completed}
 * @since 0.1.0
 */
public record ToolUse(String type, @Nullable String name, @Nullable String query, @Nullable String url,
		@Nullable String code, @Nullable String status) {

	/**
	 * Key of the list of tool uses in the metadata of a {@code ChatResponse}.
	 */
	public static final String METADATA_KEY = "grok.tools";

	/**
	 * Status of a completed use.
	 */
	public static final String COMPLETED = "completed";

	/**
	 * Whether the use is completed and therefore billed by xAI.
	 * @return whether the use is completed
	 */
	public boolean isCompleted() {
		return COMPLETED.equals(this.status);
	}

}
