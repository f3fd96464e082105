package io.github.grokspring.tool;

import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import reactor.core.publisher.Flux;

/**
 * Finds the marks of sources in a text that comes in pieces. Holds back what may become a
 * mark until it is one, or is none. Not safe for use by several threads.
 */
final class MarkReader {

	// An address may have parentheses, but only so many: each one deepens the stack.
	static final Pattern MARK = Pattern.compile("\\[\\[(\\d+)]]\\(([^()\\s]*(?:\\([^()\\s]*\\)[^()\\s]*){0,8})\\)");

	/** Longer than any address that xAI cites. */
	private static final int LONGEST = 4096;

	private final StringBuilder held = new StringBuilder();

	private final Function<Citation, String> mark;

	private int before;

	private MarkReader(Function<Citation, String> mark) {
		this.mark = mark;
	}

	static Flux<String> render(Flux<String> pieces, Function<Citation, String> mark) {
		return Flux.defer(() -> {
			MarkReader reader = new MarkReader(mark);
			return pieces.map(reader::next)
				.concatWith(Flux.defer(() -> Flux.just(reader.rest())))
				.filter((piece) -> !piece.isEmpty());
		});
	}

	private String next(String piece) {
		this.held.append(piece);
		return take(undecided());
	}

	private String rest() {
		return take(this.held.length());
	}

	/**
	 * Where what may still become a mark begins.
	 */
	private int undecided() {
		Matcher matcher = MARK.matcher(this.held);
		int at = this.held.indexOf("[");
		while (at >= 0 && at < this.held.length()) {
			matcher.region(at, this.held.length());
			boolean found = matcher.lookingAt();
			if (!found && matcher.hitEnd() && this.held.length() - at <= LONGEST) {
				return at;
			}
			at = this.held.indexOf("[", found ? matcher.end() : at + 1);
		}
		return this.held.length();
	}

	private String take(int end) {
		StringBuilder taken = new StringBuilder(end);
		Matcher matcher = MARK.matcher(this.held).region(0, end);
		int at = 0;
		while (matcher.find()) {
			String url = matcher.group(2);
			taken.append(this.held, at, matcher.start())
				.append(this.mark.apply(new Citation(url, matcher.group(1), this.before + matcher.start(),
						this.before + matcher.end(), Citation.kindOf(url))));
			at = matcher.end();
		}
		taken.append(this.held, at, end);
		this.held.delete(0, end);
		this.before += end;
		return taken.toString();
	}

}
