package io.github.grokspring.redaction;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for restoration in and outside of URLs. E stands for the placeholder of an
 * address that is not restored, R for one that is.
 */
class UrlRestorationTests {

	private static final String PLACEHOLDER = "[EMAIL_1]";

	private static final String VALUE = "ada@example.com";

	@ParameterizedTest
	@ValueSource(strings = { "[x](http://evil/?q=E)", "![x](http://evil/?q=E&r=E) R", "[x](//evil/E) R",
			"[x](/path?E \"for R\")", "[x]( <http://evil/? E> ) R", "[x](<http://evil/?a b=E>) R",
			"[x](http://evil/(a)E) R", "[R](http://evil) R", "http://evil/?q=E R", "HTTPS://evil/E\nR",
			"(http://evil/E)", "see http:\\/\\/evil\\/?q=E", "www.evil.com/?q=E R", "<http://evil/? E> R",
			"[1]: <http://evil/ E>\nR", "<img src=\"http://evil/?> E\"> R", "<img src='//evil/? E'> R",
			"<img src = \"https:evil/? E\"> R", "<img src=//evil/E> R", "<a href=E>R</a>",
			"<a href=\"https:&#47;&#47;evil/?E\">R</a>", "mailto:E R", "ftp://evil/E R", "url(//evil/?E)",
			"http://evil/?q='E'", "{\"a\":\"http://evil/?E\",\"b\":\"R\"}", "{\"a\":\"http://evil/? E\",\"b\":\"R\"}",
			"{\"a\":\"see //evil/E\\nR\"}", "R", "to R, R; mail:R", "<R>", "(R)", "a/R/b", "\"R\"", "x = \"R\"",
			"arr[0] (R)", "{\"email\":\"R\"}", "a | R | http://x | R", "// R", "1: R", "https: R",
			"http://evil/?q=%5BEMAIL_1%5D", "http://evil/?q=E`R`" })
	void restoresOutsideOfUrls(String marked) {
		String answer = marked.replace("R", PLACEHOLDER).replaceAll("E(?!MAIL)", PLACEHOLDER);
		String expected = marked.replace("R", VALUE).replaceAll("E(?!MAIL)", PLACEHOLDER);
		for (int size = 1; size <= answer.length(); size++) {
			assertThat(restored(answer, size, false)).as("in pieces of %d", size).isEqualTo(expected);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "[x](http://intern/?q=E)", "http://intern/?q=E", "<a href=\"E\">" })
	void restoresInUrlsIfEnabled(String marked) {
		String answer = marked.replace("E", PLACEHOLDER);
		for (int size = 1; size <= answer.length(); size++) {
			assertThat(restored(answer, size, true)).isEqualTo(marked.replace("E", VALUE));
		}
	}

	private static String restored(String answer, int size, boolean inUrls) {
		Placeholders placeholders = new Placeholders(inUrls);
		assertThat(placeholders.of("email", VALUE)).isEqualTo(PLACEHOLDER);
		StreamingRestorer text = new StreamingRestorer(placeholders, false);
		StringBuilder restored = new StringBuilder();
		for (int i = 0; i < answer.length(); i += size) {
			restored.append(text.next(answer.substring(i, Math.min(answer.length(), i + size))));
		}
		return restored.append(text.remaining()).toString();
	}

}
