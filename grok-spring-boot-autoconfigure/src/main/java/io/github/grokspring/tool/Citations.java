package io.github.grokspring.tool;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

import reactor.core.publisher.Flux;

import org.springframework.ai.chat.model.ChatResponse;

/**
 * The text of a response together with its citations. xAI marks a citation in the text
 * with a link such as {@code [[1]](https://…)}.
 *
 * @param text the text
 * @param list the citations, in the order of xAI
 * @since 0.1.0
 */
public record Citations(String text, List<Citation> list) {

	/**
	 * Creates a new {@code Citations} instance.
	 */
	public Citations {
		list = List.copyOf(list);
	}

	/**
	 * Extracts text and citations from a response.
	 * @param response the response
	 * @return the text and the citations; both may be empty
	 */
	public static Citations of(ChatResponse response) {
		String text = (response.getResult() != null) ? response.getResult().getOutput().getText() : null;
		List<Citation> citations = new ArrayList<>();
		if (response.getMetadata().get(Citation.METADATA_KEY) instanceof List<?> list) {
			list.stream().filter(Citation.class::isInstance).map(Citation.class::cast).forEach(citations::add);
		}
		return new Citations((text != null) ? text : "", citations);
	}

	/**
	 * Removes the citation marks from the text. Marks are recognized by their format, so
	 * the list of citations may be empty.
	 * @return the text without marks
	 */
	public String withoutMarks() {
		return CitationMarkRenderer.MARK.matcher(render((citation) -> "")).replaceAll("");
	}

	/**
	 * Replaces the citation marks in the text.
	 * @param mark the function that returns the replacement for the mark of a citation
	 * @return the text with the replacements
	 */
	public String render(Function<Citation, String> mark) {
		StringBuilder rendered = new StringBuilder();
		int at = 0;
		for (Citation citation : markedInOrder()) {
			if (citation.start() >= at) {
				rendered.append(this.text, at, citation.start()).append(mark.apply(citation));
				at = citation.end();
			}
		}
		return rendered.append(this.text, at, this.text.length()).toString();
	}

	/**
	 * Removes citation marks from streamed text. A mark may be split across elements.
	 * @param pieces the elements of the text
	 * @return the text without marks; a possible start of a mark is buffered until it is
	 * complete
	 */
	public static Flux<String> withoutMarks(Flux<String> pieces) {
		return render(pieces, (citation) -> "");
	}

	/**
	 * Replaces citation marks in streamed text. A mark may be split across elements.
	 * @param pieces the elements of the text
	 * @param mark the function that returns the replacement for the mark of a citation;
	 * the title of the citation is its number
	 * @return the text with the replacements; a possible start of a mark is buffered
	 * until it is complete
	 */
	public static Flux<String> render(Flux<String> pieces, Function<Citation, String> mark) {
		return CitationMarkRenderer.render(pieces, mark);
	}

	private List<Citation> markedInOrder() {
		return this.list.stream()
			.filter((citation) -> citation.isMarked() && citation.start() >= 0 && citation.end() <= this.text.length())
			.sorted(Comparator.comparingInt(Citation::start))
			.toList();
	}

}
