package io.github.grokspring.token;

import java.util.List;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.content.Media;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.util.MimeTypeUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

/**
 * Tests for {@link LocalTokenizer}.
 */
class LocalTokenizerTests {

	private static final Encoding WHOLE = Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.O200K_BASE);

	private static final String PROSE = "The quick brown fox, whose name was Größe, jumps over 12 lazy dogs;"
			+ " then it says \"good night\" and leaves.\n";

	private static final LocalTokenizer TOKENIZER = new LocalTokenizer();

	@ParameterizedTest
	@ValueSource(strings = { "a", "Hello big world", PROSE, "東京タワー", "😀😀", "<|endoftext|> is text here",
			"{\"zone\":\"Europe/Berlin\"}" })
	void countsWithVocabulary(String text) {
		assertThat(TOKENIZER.estimate(text)).isEqualTo(WHOLE.countTokensOrdinary(text));
	}

	@Test
	void emptyTextDoesNotLoadVocabulary() {
		LocalTokenizer fresh = new LocalTokenizer();
		assertThat(fresh.estimate("")).isZero();
		assertThat(fresh.estimate((String) null)).isZero();
		assertThat(fresh.isLoaded()).isFalse();
		fresh.estimate("a");
		assertThat(fresh.isLoaded()).isTrue();
	}

	@Test
	void longTextIsSplitAtWhitespace() {
		String text = PROSE.repeat(500);
		assertThat(TOKENIZER.estimate(text)).isCloseTo(WHOLE.countTokensOrdinary(text), withinPercentage(0.5));
	}

	@ParameterizedTest
	@ValueSource(strings = { "a", " ", "\n", "!", "—", "😀", "\uD83D", "x1" })
	void textWithoutWhitespaceIsSplitWithSmallError(String unit) {
		String text = unit.repeat(20_000 / unit.length());
		assertThat(TOKENIZER.estimate(text)).isCloseTo(WHOLE.countTokensOrdinary(text), withinPercentage(15));
	}

	@Test
	void hugeTextIsSampled() {
		String text = "word ".repeat(200_000) + "東".repeat(200_000);
		int tokens = TOKENIZER.estimate(text);
		int exact = TOKENIZER.estimate("word ".repeat(20_000)) * 10 + TOKENIZER.estimate("東".repeat(20_000)) * 10;
		assertThat(tokens).isCloseTo(exact, withinPercentage(5));
	}

	@Test
	void imageCountsAsLargest() {
		Media image = new Media(MimeTypeUtils.IMAGE_PNG, new ByteArrayResource(new byte[] { 1 }));
		UserMessage message = UserMessage.builder().text("a").media(image).build();
		assertThat(TOKENIZER.estimate(message)).isEqualTo(1 + 1_792);
		assertThat(TOKENIZER.estimate(List.of(message, message))).isEqualTo(2 * (1 + 1_792));
	}

}
