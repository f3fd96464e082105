package io.github.grokspring.tool;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;

import org.springframework.ai.chat.model.ChatResponse;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Citations} and {@link Citation}.
 */
class CitationsTests {

	private static final String TEXT = "Ruby 4.[[1]](https://a.b/c_(d)) Also.[[2]](https://x.com/i/1)";

	private final Citations citations = new Citations(TEXT,
			List.of(new Citation("https://x.com/i/1", "2", 37, 61, Citation.Kind.X),
					new Citation("https://a.b/c_(d)", "1", 7, 31, Citation.Kind.WEB),
					Citation.of("https://unused.example")));

	@Test
	void marksCanBeTakenOut() {
		assertThat(this.citations.withoutMarks()).isEqualTo("Ruby 4. Also.");
	}

	@Test
	void marksAreKnownWithoutTheirSources() {
		assertThat(new Citations(TEXT, List.of()).withoutMarks()).isEqualTo("Ruby 4. Also.");
	}

	@Test
	void brackestThatAreNoMarksStay() {
		String text = "See [[note]](a) and [1](https://a.b) and x[[1]] and [[1]](a b)";
		assertThat(new Citations(text, List.of()).withoutMarks()).isEqualTo(text);
	}

	@Test
	void marksCanBeWrittenAnew() {
		assertThat(this.citations.render((citation) -> "<sup>" + citation.title() + "</sup>"))
			.isEqualTo("Ruby 4.<sup>1</sup> Also.<sup>2</sup>");
	}

	@Test
	void marksThatLieElsewhereOrOverOneAnotherDoNoHarm() {
		Citations odd = new Citations("abc", List.of(new Citation("u", "1", 1, 2, Citation.Kind.WEB),
				new Citation("u", "2", 1, 3, Citation.Kind.WEB), new Citation("u", "3", 2, 9, Citation.Kind.WEB)));
		assertThat(odd.render(Citation::title)).isEqualTo("a1c");
	}

	@Test
	void anAnswerWithoutSourcesHasNone() {
		Citations none = Citations.of(new ChatResponse(List.of()));
		assertThat(none.text()).isEmpty();
		assertThat(none.list()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "https://x.com/i/status/1, X", "https://www.x.com/a, X", "https://twitter.com/a, X",
			"https://docs.x.ai/a, WEB", "https://example.com/x.com, WEB", "https://netflix.com, WEB",
			"not a url, WEB" })
	void theAddressTellsWhereASourceIsFrom(String url, Citation.Kind kind) {
		assertThat(Citation.of(url).kind()).isEqualTo(kind);
	}

	@Test
	void whateverStandsInAnAddressDoesNoHarm() {
		String text = "A[[1]](https://a.b" + "(x)".repeat(100_000) + ") B[[2]](https://a.b/c_(d)_(e)).";
		String plain = text.substring(0, text.lastIndexOf("[[")) + ".";
		assertThat(new Citations(text, List.of()).withoutMarks()).isEqualTo(plain);
		Flux<String> pieces = Flux.just(text.substring(0, 3_000), text.substring(3_000, 4_000), text.substring(4_000));
		assertThat(String.join("", Citations.withoutMarks(pieces).collectList().block())).isEqualTo(plain);
	}

	@Test
	void marksAreTakenOutOfAStreamWhereverItIsCut() {
		String text = "A [ b [[ c [[x]](y) [[1] [[7]](https://a.b/c_(d))[[8]](https://x.com/i/1) \ud83d\ude00 e [[9]](a b) [[";
		String plain = "A [ b [[ c [[x]](y) [[1]  \ud83d\ude00 e [[9]](a b) [[";
		for (int size = 1; size <= text.length(); size++) {
			assertThat(String.join("", Citations.withoutMarks(pieces(text, size)).collectList().block())).as("%d", size)
				.isEqualTo(plain);
		}
	}

	@Test
	void marksOfAStreamCanBeWrittenAnew() {
		List<Citation> seen = new ArrayList<>();
		Flux<String> rendered = Citations.render(pieces(TEXT, 3), (citation) -> {
			seen.add(citation);
			return "(" + citation.title() + ")";
		});
		assertThat(String.join("", rendered.collectList().block())).isEqualTo("Ruby 4.(1) Also.(2)");
		assertThat(seen).containsExactly(this.citations.list().get(1), this.citations.list().get(0));
	}

	@Test
	void textIsHeldBackOnlyWhileItMayBecomeAMark() {
		assertThat(
				Citations.withoutMarks(Flux.just("a ", "[", "b", " [[1]](", "https://a.b)", "c")).collectList().block())
			.containsExactly("a ", "[b", " ", "c");
		String endless = "[[1]](" + "x".repeat(5_000);
		assertThat(Citations.withoutMarks(Flux.just(endless, "y")).collectList().block()).containsExactly(endless, "y");
	}

	private static Flux<String> pieces(String text, int size) {
		return Flux.range(0, (text.length() + size - 1) / size)
			.map((i) -> text.substring(i * size, Math.min(text.length(), (i + 1) * size)));
	}

}
