package io.github.grokspring.test;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import tools.jackson.core.JsonGenerator;

/**
 * A place of a text that names its source. The place is that of the marker
 * {@code [[1]](https://…)} in UTF-16 units; in a JSON text, which has no markers, it is
 * 0.
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

	/**
	 * Finds the markers of a text.
	 * @param text any text
	 * @return in order
	 */
	static List<UrlCitation> in(String text) {
		List<UrlCitation> citations = new ArrayList<>();
		Matcher matcher = MARKER.matcher(text);
		while (matcher.find()) {
			citations.add(new UrlCitation(matcher.group(2), matcher.group(1), matcher.start(), matcher.end()));
		}
		return citations;
	}

	/**
	 * A source of a text that has no place for a marker.
	 * @param url address of the source
	 * @return titled by its address
	 */
	static UrlCitation without(String url) {
		return new UrlCitation(url, url, 0, 0);
	}

	/**
	 * Puts markers behind a text. Sources keep the number they have in it.
	 * @param pieces the text
	 * @param urls sources to name
	 * @return the pieces of the text and one for each marker
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
