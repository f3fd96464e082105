package io.github.grokspring.wire;

import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.grokspring.tool.Citation;
import org.jspecify.annotations.Nullable;

/**
 * Reads annotations of type {@code url_citation}.
 *
 * @since 0.1.0
 */
public final class UrlCitations {

	private UrlCitations() {
	}

	/**
	 * Reads an annotation. Its positions are relative to a part of the text and, as far
	 * as is known, count code points rather than chars. If neither interpretation leads
	 * to the citation marker, the marker is searched for.
	 * @param annotation the annotation, flat or with a nested {@code url_citation}
	 * @param text the text of the response
	 * @param partStart the start of the part in the text
	 * @return the citation, or {@code null} if the annotation has no URL
	 */
	public static @Nullable Citation read(Map<?, ?> annotation, CharSequence text, int partStart) {
		Map<?, ?> fields = (annotation.get("url_citation") instanceof Map<?, ?> nested) ? nested : annotation;
		if (!(fields.get("url") instanceof String url)) {
			return null;
		}
		String title = (fields.get("title") instanceof String given) ? given : null;
		int start = toPosition(fields.get("start_index"));
		int end = toPosition(fields.get("end_index"));
		if (start < 0 || end <= start) {
			return new Citation(url, title, -1, -1, Citation.kindOf(url));
		}
		if (!isMarker(text, partStart + start) && partStart + end <= text.length()
				&& end <= Character.codePointCount(text, partStart, text.length())) {
			int from = Character.offsetByCodePoints(text, partStart, start);
			if (isMarker(text, from)) {
				return new Citation(url, title, from, Character.offsetByCodePoints(text, from, end - start),
						Citation.kindOf(url));
			}
		}
		String mark = "[[" + title + "]](" + url + ")";
		int at = isMarker(text, partStart + start) ? -1 : text.toString().indexOf(mark, partStart);
		return (at >= 0) ? new Citation(url, title, at, at + mark.length(), Citation.kindOf(url))
				: new Citation(url, title, partStart + start, partStart + end, Citation.kindOf(url));
	}

	/**
	 * Adds sources that are listed apart from the text.
	 * @param sources the sources, URLs or objects with a URL
	 * @param citations the citations by URL, to which new ones are added
	 */
	public static void addSources(List<?> sources, Map<String, Citation> citations) {
		for (Object source : sources) {
			if (source instanceof String url) {
				citations.putIfAbsent(url, Citation.of(url));
			}
			else if (source instanceof Map<?, ?> fields && fields.get("url") instanceof String url) {
				citations.putIfAbsent(url, new Citation(url,
						(fields.get("title") instanceof String title) ? title : null, -1, -1, Citation.kindOf(url)));
			}
		}
	}

	/**
	 * Merges citations and sources.
	 * @param annotations the citations of the text
	 * @param sources the sources by URL
	 * @return the citations, followed by the sources that the text does not cite
	 */
	public static List<Citation> merge(Collection<Citation> annotations, Map<String, Citation> sources) {
		if (annotations.isEmpty() && sources.isEmpty()) {
			return List.of();
		}
		Set<Citation> merged = new LinkedHashSet<>(annotations);
		Set<String> cited = new HashSet<>();
		annotations.forEach((citation) -> cited.add(citation.url()));
		sources.values().stream().filter((source) -> !cited.contains(source.url())).forEach(merged::add);
		return List.copyOf(merged);
	}

	private static boolean isMarker(CharSequence text, int at) {
		return at + 1 < text.length() && text.charAt(at) == '[' && text.charAt(at + 1) == '[';
	}

	private static int toPosition(@Nullable Object index) {
		return (index instanceof Number position && position.longValue() == position.intValue()) ? position.intValue()
				: -1;
	}

}
