package io.github.grokspring.connection;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Removes secrets of a request from texts: the API key, header values and authorizations
 * of MCP servers, which servers and gateways repeat in errors. Thread-safe.
 */
final class SecretFilter {

	/** Minimum number of consecutive characters that count as part of a secret. */
	private static final int RUN = 8;

	/** Headers whose values are secret even if they are short. */
	private static final Pattern CREDENTIAL = Pattern
		.compile("(?i)auth|token|secret|password|credential|cookie|(api|access)[_-]?key|headers");

	private static final Pattern SCHEME = Pattern
		.compile("(?i)(basic|bearer|digest|token|apikey|api-key|key)\\s+(\\S.*)");

	/** Headers of each subscription, since the API key may change between them. */
	private volatile List<Map<String, String>> sent = List.of();

	/**
	 * Adds headers of the request, which are not inspected until {@link #removeFrom} is
	 * called.
	 */
	void add(Map<String, String> headers) {
		if (!headers.isEmpty() && !this.sent.contains(headers)) {
			addNew(headers);
		}
	}

	private synchronized void addNew(Map<String, String> headers) {
		if (this.sent.isEmpty()) {
			this.sent = List.of(headers);
			return;
		}
		List<Map<String, String>> all = new ArrayList<>(this.sent);
		all.add(headers);
		this.sent = List.copyOf(all);
	}

	/**
	 * Removes secrets from a message.
	 * @param message the message
	 * @param fields other fields of the request that may contain secrets, such as tools
	 * @return the message without secrets
	 */
	String removeFrom(String message, Object fields) {
		Set<String> values = new LinkedHashSet<>();
		this.sent.forEach((headers) -> headers.forEach((name, value) -> addValue(name, value, values)));
		collect("", fields, false, values);
		if (values.isEmpty() || message.length() < EchoFinder.SHORTEST_TEXT) {
			return message;
		}
		EchoFinder finder = new EchoFinder(message, RUN);
		values.forEach(finder::search);
		BitSet echoes = finder.echoes();
		return echoes.isEmpty() ? message : EchoFinder.replace(echoes, message, "***");
	}

	private static void collect(String name, Object value, boolean secret, Set<String> values) {
		if (value instanceof Map<?, ?> map) {
			map.forEach((key, inner) -> {
				String field = String.valueOf(key);
				collect(field, (inner != null) ? inner : "", secret || CREDENTIAL.matcher(field).find(), values);
			});
		}
		else if (value instanceof Iterable<?> items) {
			items.forEach((item) -> collect(name, (item != null) ? item : "", secret, values));
		}
		else if (value instanceof String text) {
			if (secret) {
				addValue("authorization", text, values);
			}
			else if (name.endsWith("url")) {
				addParts(text, values);
			}
		}
	}

	// User info and query of a URL may be credentials
	private static void addParts(String url, Set<String> values) {
		URI uri;
		try {
			uri = URI.create(url);
		}
		catch (IllegalArgumentException ex) {
			return;
		}
		if (uri.getUserInfo() != null) {
			Arrays.stream(uri.getUserInfo().split(":", 2)).forEach((part) -> addValue("user", part, values));
		}
		if (uri.getQuery() != null) {
			Arrays.stream(uri.getQuery().split("&"))
				.map((pair) -> pair.substring(pair.indexOf('=') + 1))
				.forEach((part) -> addValue("query", part, values));
		}
	}

	private static void addValue(String name, String value, Set<String> values) {
		String secret = value.strip();
		Matcher scheme = SCHEME.matcher(secret);
		if (scheme.matches()) {
			secret = scheme.group(2).strip();
			if ("basic".equalsIgnoreCase(scheme.group(1))) {
				addDecoded(secret, values);
			}
		}
		if (secret.length() < RUN && !CREDENTIAL.matcher(name).find()) {
			return;
		}
		if (values.add(secret) && secret.length() >= RUN) {
			addEncoded(secret.getBytes(StandardCharsets.UTF_8), values);
		}
	}

	private static void addDecoded(String credentials, Set<String> values) {
		String decoded;
		try {
			decoded = new String(Base64.getDecoder().decode(credentials), StandardCharsets.UTF_8);
		}
		catch (IllegalArgumentException ex) {
			return;
		}
		values.add(decoded);
		addValue("password", decoded.substring(decoded.indexOf(':') + 1), values);
	}

	// Encodes the secret at each of the three Base64 alignments, without characters that
	// depend on adjacent bytes
	private static void addEncoded(byte[] secret, Set<String> values) {
		for (int before = 0; before < 3; before++) {
			byte[] shifted = new byte[before + secret.length];
			System.arraycopy(secret, 0, shifted, before, secret.length);
			String encoded = Base64.getEncoder().withoutPadding().encodeToString(shifted);
			int from = (before == 0) ? 0 : before + 1;
			int to = (shifted.length % 3 == 0) ? encoded.length() : encoded.length() - 1;
			if (to - from >= RUN) {
				String aligned = encoded.substring(from, to);
				values.add(aligned);
				values.add(aligned.replace('+', '-').replace('/', '_'));
			}
		}
	}

}
