package io.github.grokspring.connection;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Parsed error in one of the formats of xAI and its gateways.
 *
 * @param code the code, or {@code null}
 * @param text the message, may be empty
 * @param parameter the parameter that the error names, or {@code null}
 * @param html whether the body is a web page
 * @param failed whether the body declares itself as a failure
 */
record ErrorBody(@Nullable String code, String text, @Nullable String parameter, boolean html, boolean failed) {

	private static final Pattern TITLE = Pattern.compile("<title[^>]*>([^<]*)</title>", Pattern.CASE_INSENSITIVE);

	private static final int MAX_PLAIN_TEXT = 2_000;

	private static final int MAX_PROBLEMS = 5;

	/** The start of each successful response. */
	private static final byte[] RESPONSE_START = { '{', '"', 'i', 'd', '"', ':' };

	static ErrorBody parse(@Nullable String contentType, byte[] body, int offset, int length) {
		int first = firstNonBlank(body, offset, length);
		if (first < 0) {
			return new ErrorBody(null, "", null, false, false);
		}
		if (body[first] == '{' || body[first] == '[') {
			try {
				JsonNode root = JsonMapper.shared().readTree(body, offset, length);
				return parse((root.isArray() && !root.isEmpty()) ? root.get(0) : root);
			}
			catch (JacksonException ex) {
				// Truncated or not JSON
				return plain(body, offset, length);
			}
		}
		if (body[first] == '<' || (contentType != null && contentType.contains("html"))) {
			return page(new String(body, offset, Math.min(length, 16_384), StandardCharsets.UTF_8));
		}
		return plain(body, offset, length);
	}

	/**
	 * Returns whether a body with a successful status is an error. Reads only as much as
	 * necessary.
	 */
	static boolean isError(byte[] body) {
		int first = firstNonBlank(body, 0, body.length);
		if (first < 0 || body[first] != '{' || startsAsResponse(body, first)) {
			return false;
		}
		boolean error = false;
		try (JsonParser parser = JsonMapper.shared().createParser(body)) {
			parser.nextToken();
			while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
				String name = parser.currentName();
				JsonToken value = parser.nextToken();
				switch (name) {
					case "choices", "output", "data", "models", "id" -> {
						return false;
					}
					case "error" -> error = value != JsonToken.VALUE_NULL;
					case "type" -> error |= value == JsonToken.VALUE_STRING && "error".equals(parser.getString());
					default -> {
					}
				}
				parser.skipChildren();
			}
		}
		catch (JacksonException ex) {
			// Decoding the response reports the problem
			return false;
		}
		return error;
	}

	private static boolean startsAsResponse(byte[] body, int first) {
		int end = first + RESPONSE_START.length;
		return end <= body.length && Arrays.equals(body, first, end, RESPONSE_START, 0, RESPONSE_START.length);
	}

	private static ErrorBody parse(JsonNode root) {
		JsonNode response = root.path("response");
		if (response.isObject() && !root.has("error")) {
			return parse(response).orFailed("response.failed".equals(root.path("type").asString("")));
		}
		String type = root.path("type").asString("");
		boolean failed = "failed".equals(root.path("status").asString("")) || "error".equals(type)
				|| "response.failed".equals(type);
		JsonNode error = root.path("error");
		if (error.isObject()) {
			String code = text(error, "code");
			if (code == null) {
				code = text(error, "type");
			}
			if (code == null) {
				code = text(root, "code");
			}
			return of(code, text(error, "message"), text(error, "param"), failed);
		}
		String text = error.isNull() ? null : text(root, "error");
		if (text == null) {
			text = text(root, "message");
		}
		if (text == null) {
			text = detail(root.path("detail"));
		}
		return of(text(root, "code"), text, text(root, "param"), failed);
	}

	// FastAPI responds with a message, or with a list of problems that includes the input
	private static @Nullable String detail(JsonNode detail) {
		if (detail.isObject()) {
			String text = text(detail, "error");
			text = (text != null) ? text : text(detail, "message");
			return (text != null) ? text : problem(detail);
		}
		if (detail.isArray()) {
			String problems = detail.valueStream()
				.limit(MAX_PROBLEMS)
				.map(ErrorBody::problem)
				.filter(Objects::nonNull)
				.collect(Collectors.joining("; "));
			return problems.isEmpty() ? null : problems;
		}
		return (detail.isString() && !detail.asString().isBlank()) ? detail.asString().strip() : null;
	}

	private static @Nullable String problem(JsonNode problem) {
		if (problem.isString()) {
			return problem.asString();
		}
		String text = text(problem, "msg");
		String location = problem.path("loc")
			.valueStream()
			.filter(JsonNode::isValueNode)
			.map(JsonNode::asString)
			.collect(Collectors.joining("."));
		return (text == null || location.isEmpty()) ? text : location + ": " + text;
	}

	private ErrorBody orFailed(boolean failed) {
		return new ErrorBody(this.code, this.text, this.parameter, this.html, this.failed || failed);
	}

	private static ErrorBody of(@Nullable String code, @Nullable String text, @Nullable String parameter,
			boolean failed) {
		return new ErrorBody(code, (text != null) ? text : "", parameter, false, failed);
	}

	private static @Nullable String text(JsonNode node, String name) {
		JsonNode value = node.path(name);
		return (value.isValueNode() && !value.isNull() && !value.asString().isBlank()) ? value.asString().strip()
				: null;
	}

	private static ErrorBody page(String html) {
		Matcher title = TITLE.matcher(html);
		return new ErrorBody(null, title.find() ? title.group(1).replaceAll("\\s+", " ").strip() : "", null, true,
				false);
	}

	private static ErrorBody plain(byte[] body, int offset, int length) {
		String text = new String(body, offset, Math.min(length, MAX_PLAIN_TEXT), StandardCharsets.UTF_8);
		return new ErrorBody(null, text.strip(), null, false, false);
	}

	private static int firstNonBlank(byte[] body, int offset, int length) {
		for (int i = offset; i < offset + length; i++) {
			if (body[i] > ' ' || body[i] < 0) {
				return i;
			}
		}
		return -1;
	}

}
