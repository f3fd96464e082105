package io.github.grokspring.tool;

import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import reactor.core.publisher.Flux;

/**
 * Replaces citation marks in streamed text. A possible start of a mark is buffered until
 * it is complete or cannot become a mark. Not thread-safe.
 */
final class CitationMarkRenderer {

	// The number of parentheses in an address is limited because each one deepens the
	// stack
	static final Pattern MARK = Pattern.compile("\\[\\[(\\d+)]]\\(([^()\\s]*(?:\\([^()\\s]*\\)[^()\\s]*){0,8})\\)");

	/** Longer than any address that xAI cites. */
	private static final int MAX_MARK_LENGTH = 4096;

	private final StringBuilder buffer = new StringBuilder();

	private final Function<Citation, String> mark;

	private int offset;

	private CitationMarkRenderer(Function<Citation, String> mark) {
		this.mark = mark;
	}

	static Flux<String> render(Flux<String> pieces, Function<Citation, String> mark) {
		return Flux.defer(() -> {
			CitationMarkRenderer reader = new CitationMarkRenderer(mark);
			return pieces.map(reader::append)
				.concatWith(Flux.defer(() -> Flux.just(reader.drain())))
				.filter((piece) -> !piece.isEmpty());
		});
	}

	private String append(String piece) {
		this.buffer.append(piece);
		return renderUpTo(undecidedStart());
	}

	private String drain() {
		return renderUpTo(this.buffer.length());
	}

	private int undecidedStart() {
		Matcher matcher = MARK.matcher(this.buffer);
		int at = this.buffer.indexOf("[");
		while (at >= 0 && at < this.buffer.length()) {
			matcher.region(at, this.buffer.length());
			boolean found = matcher.lookingAt();
			if (!found && matcher.hitEnd() && this.buffer.length() - at <= MAX_MARK_LENGTH) {
				return at;
			}
			at = this.buffer.indexOf("[", found ? matcher.end() : at + 1);
		}
		return this.buffer.length();
	}

	private String renderUpTo(int end) {
		StringBuilder taken = new StringBuilder(end);
		Matcher matcher = MARK.matcher(this.buffer).region(0, end);
		int at = 0;
		while (matcher.find()) {
			String url = matcher.group(2);
			taken.append(this.buffer, at, matcher.start())
				.append(this.mark.apply(new Citation(url, matcher.group(1), this.offset + matcher.start(),
						this.offset + matcher.end(), Citation.kindOf(url))));
			at = matcher.end();
		}
		taken.append(this.buffer, at, end);
		this.buffer.delete(0, end);
		this.offset += end;
		return taken.toString();
	}

}
