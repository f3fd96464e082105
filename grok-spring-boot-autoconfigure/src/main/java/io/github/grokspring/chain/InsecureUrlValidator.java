package io.github.grokspring.chain;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.tool.ServerTool;
import org.jspecify.annotations.Nullable;

/**
 * Detects URLs over which secrets would be sent unencrypted.
 *
 * @since 0.1.0
 */
public final class InsecureUrlValidator {

	private static final Pattern LOOPBACK = Pattern
		.compile("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}|\\[(::1|(0{1,4}:){7}0{0,3}1)]");

	private InsecureUrlValidator() {
	}

	/**
	 * Whether a URL is unencrypted and not on the loopback interface.
	 * @param url the URL
	 * @return {@code true} if its scheme is {@code http} and its host is remote
	 */
	public static boolean isInsecure(String url) {
		if (!url.regionMatches(true, 0, "http:", 0, "http:".length())) {
			return false;
		}
		try {
			return !isLoopback(String.valueOf(new URI(url).getHost()));
		}
		catch (URISyntaxException ex) {
			return true;
		}
	}

	// Names are not resolved, because their addresses may change
	private static boolean isLoopback(String host) {
		String name = host.toLowerCase(Locale.ROOT);
		return name.equals("localhost") || name.endsWith(".localhost") || LOOPBACK.matcher(name).matches();
	}

	/**
	 * Validates the MCP servers of a request.
	 * @throws GrokApiException of kind {@link ErrorKind#INVALID_REQUEST} if xAI would
	 * send the authorization or headers of a server unencrypted
	 */
	static void validate(GrokChatOptions options) {
		for (ServerTool tool : options.getServerTools()) {
			validate(tool.fields());
		}
		if (options.getExtraBody().get("tools") instanceof List<?> tools) {
			tools.forEach((tool) -> validate((tool instanceof Map<?, ?> fields) ? fields : Map.of()));
		}
	}

	private static void validate(Map<?, ?> tool) {
		if (!"mcp".equals(tool.get("type")) || !isInsecure(String.valueOf(tool.get("server_url")))) {
			return;
		}
		List<String> secrets = new ArrayList<>(2);
		addIfSet("authorization", tool.get("authorization"), secrets);
		addIfSet("headers", tool.get("headers"), secrets);
		if (!secrets.isEmpty()) {
			throw GrokApiException
				.builder(ErrorKind.INVALID_REQUEST,
						"The MCP server '" + LogSanitizer.sanitize(String.valueOf(tool.get("server_label")))
								+ "' has an http URL, over which xAI would send its " + String.join(" and ", secrets)
								+ " unencrypted. Nothing was sent to xAI. Use an https URL, or set"
								+ " 'grok.http.allow-insecure' to 'true' to allow this.")
				.parameter("server_url")
				.sent(false)
				.build();
		}
	}

	private static void addIfSet(String name, @Nullable Object value, List<String> secrets) {
		boolean set = (value instanceof Map<?, ?> map) ? !map.isEmpty() : value != null && !value.toString().isBlank();
		if (set) {
			secrets.add(name);
		}
	}

}
