package io.github.grokspring.tool;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Server-side tool that calls the tools of an MCP server reachable from xAI. Header
 * values and authorization are not part of {@link #toString()}.
 *
 * @param label the name of the server in the response
 * @param url the {@code http} or {@code https} address of the server
 * @param description the description of the server for the model, or {@code null}
 * @param allowedTools the tools that may be used, or empty for all tools
 * @param headers the headers that xAI sends to the server
 * @param authorization the {@code Authorization} header that xAI sends to the server, or
 * {@code null}
 * @since 0.1.0
 */
public record Mcp(String label, String url, @Nullable String description, List<String> allowedTools,
		Map<String, String> headers, @Nullable String authorization) implements ServerTool {

	/**
	 * Creates a new {@code Mcp} instance.
	 * @throws IllegalArgumentException if xAI would reject a parameter; the message names
	 * it
	 */
	public Mcp {
		ToolAssert.text("label", label);
		ToolAssert.url("url", url);
		allowedTools = ToolAssert.names("allowedTools", allowedTools, Integer.MAX_VALUE);
		headers = Map.copyOf(headers);
	}

	/**
	 * Returns a copy of this tool that allows only some of the tools of the server.
	 * @param tools the tools that may be used
	 * @return a new tool
	 */
	public Mcp withAllowedTools(String... tools) {
		return new Mcp(this.label, this.url, this.description, List.of(tools), this.headers, this.authorization);
	}

	/**
	 * Returns a copy of this tool with a different description.
	 * @param description the description of the server for the model
	 * @return a new tool
	 */
	public Mcp withDescription(String description) {
		return new Mcp(this.label, this.url, description, this.allowedTools, this.headers, this.authorization);
	}

	/**
	 * Returns a copy of this tool with different headers.
	 * @param headers the headers that xAI sends to the server, replacing the current ones
	 * @return a new tool
	 */
	public Mcp withHeaders(Map<String, String> headers) {
		return new Mcp(this.label, this.url, this.description, this.allowedTools, headers, this.authorization);
	}

	/**
	 * Returns a copy of this tool with a different authorization.
	 * @param authorization the value of the {@code Authorization} header
	 * @return a new tool
	 */
	public Mcp withAuthorization(String authorization) {
		return new Mcp(this.label, this.url, this.description, this.allowedTools, this.headers, authorization);
	}

	@Override
	public String type() {
		return "mcp";
	}

	@Override
	public String key() {
		return type() + " " + this.label;
	}

	@Override
	public Map<String, Object> fields() {
		return new ToolFields(type()).value("server_label", this.label)
			.value("server_url", this.url)
			.value("server_description", this.description)
			.list("allowed_tools", this.allowedTools)
			.value("headers", this.headers.isEmpty() ? null : this.headers)
			.value("authorization", this.authorization)
			.toMap();
	}

	@Override
	public String toString() {
		return "Mcp[label=" + this.label + ", url=" + this.url + ", allowedTools=" + this.allowedTools + ", headers="
				+ this.headers.keySet() + "]";
	}

}
