package io.github.grokspring.tool;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

import reactor.core.publisher.Flux;

import org.springframework.ai.chat.model.ChatResponse;

/**
 * The text of an answer together with its sources. xAI writes a mark such as
 * {@code [[1]](https://…)} where it uses one.
 *
 * @param text the text
 * @param list its sources in the order of xAI
 * @since 0.1.0
 */
public record Citations(String text, List<Citation> list) {

	/**
	 * Put a text and its sources together.
	 */
	public Citations {
		list = List.copyOf(list);
	}

	/**
	 * Read an answer.
	 * @param response the answer
	 * @return its text and its sources; both may be empty
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
	 * The text without its marks. Needs no sources: marks are known by their form, so a
	 * text from elsewhere will do.
	 * @return the text
	 */
	public String withoutMarks() {
		return MarkReader.MARK.matcher(render((citation) -> "")).replaceAll("");
	}

	/**
	 * The text with other marks in place of xAI's.
	 * @param mark makes the mark of a source
	 * @return the text
	 */
	public String render(Function<Citation, String> mark) {
		StringBuilder rendered = new StringBuilder();
		int at = 0;
		for (Citation citation : inOrder()) {
			if (citation.start() >= at) {
				rendered.append(this.text, at, citation.start()).append(mark.apply(citation));
				at = citation.end();
			}
		}
		return rendered.append(this.text, at, this.text.length()).toString();
	}

	/**
	 * The text of a stream without its marks, which may come in several pieces.
	 * @param pieces the pieces of the text
	 * @return pieces of the text; what may become a mark is held back until it is known
	 */
	public static Flux<String> withoutMarks(Flux<String> pieces) {
		return render(pieces, (citation) -> "");
	}

	/**
	 * The text of a stream with other marks in place of xAI's, which may come in several
	 * pieces.
	 * @param pieces the pieces of the text
	 * @param mark makes the mark of a source, of which its number is the title
	 * @return pieces of the text; what may become a mark is held back until it is known
	 */
	public static Flux<String> render(Flux<String> pieces, Function<Citation, String> mark) {
		return MarkReader.render(pieces, mark);
	}

	private List<Citation> inOrder() {
		return this.list.stream()
			.filter((citation) -> citation.isMarked() && citation.start() >= 0 && citation.end() <= this.text.length())
			.sorted(Comparator.comparingInt(Citation::start))
			.toList();
	}

}
