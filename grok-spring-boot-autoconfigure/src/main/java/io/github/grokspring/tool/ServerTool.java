package io.github.grokspring.tool;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A tool that xAI runs while it generates a response. Requires the Responses API. Unset
 * parameters use the defaults of xAI. Parameters that xAI would reject are rejected on
 * creation with an {@link IllegalArgumentException} that names the parameter.
 * Implementations are immutable.
 *
 * @since 0.1.0
 */
public sealed interface ServerTool
		permits WebSearch, XSearch, CodeInterpreter, FileSearch, Mcp, ImageGeneration, OtherTool {

	/**
	 * Returns the type of the tool in the API of xAI, such as {@code web_search}.
	 * @return the type
	 */
	String type();

	/**
	 * Returns the key that must be unique within a request: the type, for MCP servers
	 * combined with the label. If two tools have the same key, the later one is used.
	 * @return the key
	 */
	default String key() {
		return type();
	}

	/**
	 * Returns the fields of the tool in the format of xAI.
	 * @return the fields that are set
	 */
	Map<String, Object> fields();

	/**
	 * Creates a web search without restrictions.
	 * @return the tool
	 */
	static WebSearch webSearch() {
		return new WebSearch(List.of(), List.of(), null, null);
	}

	/**
	 * Creates an X search without restrictions.
	 * @return the tool
	 */
	static XSearch xSearch() {
		return new XSearch(List.of(), List.of(), null, null, null, null);
	}

	/**
	 * Creates a tool that runs Python code written by the model.
	 * @return the tool
	 */
	static CodeInterpreter codeInterpreter() {
		return new CodeInterpreter();
	}

	/**
	 * Creates a search of document collections uploaded to xAI.
	 * @param collections the collection ids
	 * @return the tool
	 */
	static FileSearch fileSearch(String... collections) {
		return new FileSearch(List.of(collections), null);
	}

	/**
	 * Creates a tool that calls an MCP server reachable from xAI.
	 * @param label the name of the server in the response
	 * @param url the address of the server
	 * @return the tool
	 */
	static Mcp mcp(String label, String url) {
		return new Mcp(label, url, null, List.of(), Map.of(), null);
	}

	/**
	 * Creates an image generation tool.
	 * @return the tool
	 */
	static ImageGeneration imageGeneration() {
		return new ImageGeneration(null);
	}

	/**
	 * Creates a tool that this version has no type for. The fields are sent unchanged.
	 * @param fields the fields in the format of xAI; {@code type} is required
	 * @return the tool
	 */
	static OtherTool other(Map<String, ?> fields) {
		return new OtherTool(new LinkedHashMap<>(fields));
	}

}
