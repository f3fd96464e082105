package io.github.grokspring.test;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import tools.jackson.core.JsonGenerator;

/**
 * Citation within a text. Its position is that of the marker {@code [[1]](https://…)} in
 * UTF-16 units, or 0 in JSON, which has no markers.
 */
record UrlCitation(String url, String title, int start, int end) {

	private static final Pattern MARKER = Pattern.compile("\\[\\[(\\d+)]]\\((https?://[^)\\s]+)\\)");

	void write(JsonGenerator json) {
		json.writeStringProperty("type", "url_citation");
		json.writeStringProperty("url", this.url);
		json.writeNumberProperty("start_index", this.start);
		json.writeNumberProperty("end_index", this.end);
		json.writeStringProperty("title", this.title);
	}

	static List<UrlCitation> in(String text) {
		List<UrlCitation> citations = new ArrayList<>();
		Matcher matcher = MARKER.matcher(text);
		while (matcher.find()) {
			citations.add(new UrlCitation(matcher.group(2), matcher.group(1), matcher.start(), matcher.end()));
		}
		return citations;
	}

	static UrlCitation without(String url) {
		return new UrlCitation(url, url, 0, 0);
	}

	/**
	 * Appends citation markers to the pieces of a text.
	 */
	static List<String> mark(List<String> pieces, List<String> urls) {
		if (urls.isEmpty()) {
			return pieces;
		}
		Map<String, String> titles = new LinkedHashMap<>();
		in(String.join("", pieces)).forEach((citation) -> titles.putIfAbsent(citation.url(), citation.title()));
		List<String> marked = new ArrayList<>(pieces);
		for (String url : urls) {
			titles.putIfAbsent(url, String.valueOf(titles.size() + 1));
			marked.add("[[" + titles.get(url) + "]](" + url + ")");
		}
		return List.copyOf(marked);
	}

}
