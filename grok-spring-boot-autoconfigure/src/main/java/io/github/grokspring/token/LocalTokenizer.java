package io.github.grokspring.token;

import java.util.concurrent.locks.ReentrantLock;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import org.jspecify.annotations.Nullable;

/**
 * Counts tokens in this process by the vocabulary {@code o200k}, which is not that of
 * xAI, who does not publish it, but near to it. The vocabulary takes some 30 MB of memory
 * and is loaded when a text is counted for the first time.
 * <p>
 * How long a count takes is bounded, whatever the text: what has no blanks is cut into
 * pieces, because long words take more than their share, and of a text beyond 131,072
 * characters as many are counted, from all of its parts, for the whole. Safe for use by
 * several threads.
 *
 * @since 0.1.0
 */
public final class LocalTokenizer extends TextTokenizer {

	private static final int PIECE = 1_024;

	private static final int LONGEST_WORD = 128;

	private final ReentrantLock loading = new ReentrantLock();

	private volatile @Nullable Encoding encoding;

	/**
	 * Whether the vocabulary is there, so that a short text is counted in microseconds.
	 * @return whether it is
	 */
	public boolean isLoaded() {
		return this.encoding != null;
	}

	@Override
	int count(String text) {
		Encoding vocabulary = encoding();
		TextSample sample = TextSample.of(text);
		return sample.scaled(count(vocabulary, sample.text()));
	}

	private static long count(Encoding vocabulary, String text) {
		long tokens = 0;
		int from = 0;
		int end = text.length();
		while (from < end) {
			int to = cut(text, from, end);
			// ordinary: what looks like a control token is text here, and no failure
			tokens += vocabulary.countTokensOrdinary(text.substring(from, to));
			from = to;
		}
		return tokens;
	}

	/**
	 * Where a piece ends: before a blank that follows a word, if there is one.
	 */
	private static int cut(String text, int from, int end) {
		if (end - from <= LONGEST_WORD) {
			return end;
		}
		for (int i = Math.min(end - 1, from + PIECE); i > from + LONGEST_WORD; i--) {
			if (text.charAt(i) <= ' ' && text.charAt(i - 1) > ' ') {
				return i;
			}
		}
		int to = from + LONGEST_WORD;
		return Character.isLowSurrogate(text.charAt(to)) ? to + 1 : to;
	}

	private Encoding encoding() {
		Encoding known = this.encoding;
		return (known != null) ? known : load();
	}

	private Encoding load() {
		this.loading.lock();
		try {
			Encoding known = this.encoding;
			if (known == null) {
				known = Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.O200K_BASE);
				this.encoding = known;
			}
			return known;
		}
		finally {
			this.loading.unlock();
		}
	}

}
