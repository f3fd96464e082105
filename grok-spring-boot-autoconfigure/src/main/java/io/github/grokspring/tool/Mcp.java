package io.github.grokspring.tool;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Uses the tools of an MCP server that xAI can reach. Never shows headers and
 * authorization.
 *
 * @param label what the server is called in the answer
 * @param url where it is, {@code http} or {@code https}
 * @param description what it is for, told to the model, or {@code null}
 * @param allowedTools the only tools that may be used, or empty
 * @param headers headers that xAI sends to the server
 * @param authorization the {@code Authorization} that xAI sends to the server, or
 * {@code null}
 * @since 0.1.0
 */
public record Mcp(String label, String url, @Nullable String description, List<String> allowedTools,
		Map<String, String> headers, @Nullable String authorization) implements ServerTool {

	/**
	 * Check label and address.
	 * @throws IllegalArgumentException if xAI would refuse them, naming the parameter
	 */
	public Mcp {
		ToolAssert.text("label", label);
		ToolAssert.url("url", url);
		allowedTools = ToolAssert.names("allowedTools", allowedTools, Integer.MAX_VALUE);
		headers = Map.copyOf(headers);
	}

	/**
	 * The same server with some of its tools only.
	 * @param tools the only tools that may be used
	 * @return a tool
	 */
	public Mcp withAllowedTools(String... tools) {
		return new Mcp(this.label, this.url, this.description, List.of(tools), this.headers, this.authorization);
	}

	/**
	 * The same server with a description.
	 * @param description what it is for, told to the model
	 * @return a tool
	 */
	public Mcp withDescription(String description) {
		return new Mcp(this.label, this.url, description, this.allowedTools, this.headers, this.authorization);
	}

	/**
	 * The same server with other headers.
	 * @param headers headers that xAI sends to the server, in place of those before
	 * @return a tool
	 */
	public Mcp withHeaders(Map<String, String> headers) {
		return new Mcp(this.label, this.url, this.description, this.allowedTools, headers, this.authorization);
	}

	/**
	 * The same server with an authorization.
	 * @param authorization the value of the header {@code Authorization}
	 * @return a tool
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
