package io.github.grokspring.tool;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A tool that runs at xAI while it answers. Only the Responses API serves them. Settings
 * that are left out are left to xAI; what xAI would refuse is refused when a tool is
 * made, with an {@link IllegalArgumentException} that names the parameter. Immutable.
 *
 * @since 0.1.0
 */
public sealed interface ServerTool
		permits WebSearch, XSearch, CodeInterpreter, FileSearch, Mcp, ImageGeneration, OtherTool {

	/**
	 * The type under which xAI knows the tool, such as {@code web_search}.
	 * @return the type
	 */
	String type();

	/**
	 * What two tools of one request must not share: the type, and with MCP servers their
	 * label. Of two tools with one key the later one counts.
	 * @return the key
	 */
	default String key() {
		return type();
	}

	/**
	 * The tool as a request carries it.
	 * @return its fields in the spelling of xAI, those that are set
	 */
	Map<String, Object> fields();

	/**
	 * Search the web without restrictions.
	 * @return the tool
	 */
	static WebSearch webSearch() {
		return new WebSearch(List.of(), List.of(), null, null);
	}

	/**
	 * Search X without restrictions.
	 * @return the tool
	 */
	static XSearch xSearch() {
		return new XSearch(List.of(), List.of(), null, null, null, null);
	}

	/**
	 * Run Python code that the model writes.
	 * @return the tool
	 */
	static CodeInterpreter codeInterpreter() {
		return new CodeInterpreter();
	}

	/**
	 * Search collections of documents that were uploaded to xAI.
	 * @param collections ids of the collections
	 * @return the tool
	 */
	static FileSearch fileSearch(String... collections) {
		return new FileSearch(List.of(collections), null);
	}

	/**
	 * Use the tools of an MCP server that xAI can reach.
	 * @param label what the server is called in the answer
	 * @param url where it is
	 * @return the tool
	 */
	static Mcp mcp(String label, String url) {
		return new Mcp(label, url, null, List.of(), Map.of(), null);
	}

	/**
	 * Make pictures.
	 * @return the tool
	 */
	static ImageGeneration imageGeneration() {
		return new ImageGeneration(null);
	}

	/**
	 * Use a tool that this version does not know. It is sent as it is.
	 * @param fields the fields in the spelling of xAI, of which {@code type} is required
	 * @return the tool
	 */
	static OtherTool other(Map<String, ?> fields) {
		return new OtherTool(new LinkedHashMap<>(fields));
	}

}
