package io.github.grokspring.token;

import java.util.concurrent.locks.ReentrantLock;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import org.jspecify.annotations.Nullable;

/**
 * Counts tokens in this process with the vocabulary {@code o200k}. xAI does not publish
 * its own vocabulary; this one is close. It requires about 30 MB of memory and is loaded
 * on first use.
 * <p>
 * The time for a count is bounded: text without whitespace is split, because long words
 * take disproportionate time, and text of more than 131,072 characters is sampled.
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class LocalTokenizer extends TextTokenizer {

	private static final int MAX_PIECE_LENGTH = 1_024;

	private static final int MAX_WORD_LENGTH = 128;

	private final ReentrantLock loading = new ReentrantLock();

	private volatile @Nullable Encoding encoding;

	/**
	 * Returns whether the vocabulary is loaded, so that a short text is counted within
	 * microseconds.
	 * @return {@code true} if the vocabulary is loaded
	 */
	public boolean isLoaded() {
		return this.encoding != null;
	}

	@Override
	int count(String text) {
		Encoding vocabulary = encoding();
		TextSample sample = TextSample.of(text);
		return sample.extrapolate(count(vocabulary, sample.text()));
	}

	private static long count(Encoding vocabulary, String text) {
		long tokens = 0;
		int from = 0;
		int end = text.length();
		while (from < end) {
			int to = endOfPiece(text, from, end);
			// Treats special tokens as ordinary text instead of failing
			tokens += vocabulary.countTokensOrdinary(text.substring(from, to));
			from = to;
		}
		return tokens;
	}

	/**
	 * Returns the end of a piece, preferably before whitespace.
	 */
	private static int endOfPiece(String text, int from, int end) {
		if (end - from <= MAX_WORD_LENGTH) {
			return end;
		}
		for (int i = Math.min(end - 1, from + MAX_PIECE_LENGTH); i > from + MAX_WORD_LENGTH; i--) {
			if (text.charAt(i) <= ' ' && text.charAt(i - 1) > ' ') {
				return i;
			}
		}
		int to = from + MAX_WORD_LENGTH;
		return Character.isLowSurrogate(text.charAt(to)) ? to + 1 : to;
	}

	private Encoding encoding() {
		Encoding loaded = this.encoding;
		return (loaded != null) ? loaded : load();
	}

	private Encoding load() {
		this.loading.lock();
		try {
			Encoding loaded = this.encoding;
			if (loaded == null) {
				loaded = Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.O200K_BASE);
				this.encoding = loaded;
			}
			return loaded;
		}
		finally {
			this.loading.unlock();
		}
	}

}
