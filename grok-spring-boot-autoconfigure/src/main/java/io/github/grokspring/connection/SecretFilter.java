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
 * What a request carries as a secret: the API key, values of headers, authorizations of
 * MCP servers. Servers and gateways repeat them in errors. Safe for use by several
 * threads.
 */
final class SecretFilter {

	/** So many characters of a secret in a row are a part of it. */
	private static final int RUN = 8;

	/** Headers whose values are secret even when they are short. */
	private static final Pattern CREDENTIAL = Pattern
		.compile("(?i)auth|token|secret|password|credential|cookie|(api|access)[_-]?key|headers");

	private static final Pattern SCHEME = Pattern
		.compile("(?i)(basic|bearer|digest|token|apikey|api-key|key)\\s+(\\S.*)");

	/** One for each request and what it was sent with last, in case the key changes. */
	private volatile List<Map<String, String>> sent = List.of();

	/**
	 * Remember headers of the request. Nothing is looked at before there is something to
	 * hide.
	 * @param headers names and values
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
	 * Cut out of a text what it has in common with the secrets.
	 * @param said what was said
	 * @param others what else the request has, fields of tools for example
	 * @return the text without secrets
	 */
	String removeFrom(String said, Object others) {
		Set<String> values = new LinkedHashSet<>();
		this.sent.forEach((headers) -> headers.forEach((name, value) -> addValue(name, value, values)));
		collect("", others, false, values);
		if (values.isEmpty() || said.length() < EchoFinder.SHORTEST_TEXT) {
			return said;
		}
		EchoFinder finder = new EchoFinder(said, RUN);
		values.forEach(finder::lookFor);
		BitSet common = finder.echoes();
		return common.isEmpty() ? said : EchoFinder.replace(common, said, "***");
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

	// Users and queries of addresses serve as passwords.
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

	/**
	 * The secret as Base64, wherever in the encoded text it begins: without the
	 * characters that depend on what stands before and after it.
	 */
	private static void addEncoded(byte[] secret, Set<String> values) {
		for (int before = 0; before < 3; before++) {
			byte[] shifted = new byte[before + secret.length];
			System.arraycopy(secret, 0, shifted, before, secret.length);
			String encoded = Base64.getEncoder().withoutPadding().encodeToString(shifted);
			int from = (before == 0) ? 0 : before + 1;
			int to = (shifted.length % 3 == 0) ? encoded.length() : encoded.length() - 1;
			if (to - from >= RUN) {
				String certain = encoded.substring(from, to);
				values.add(certain);
				values.add(certain.replace('+', '-').replace('/', '_'));
			}
		}
	}

}
