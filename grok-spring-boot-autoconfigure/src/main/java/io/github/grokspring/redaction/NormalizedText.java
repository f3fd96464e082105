package io.github.grokspring.redaction;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

/**
 * A text as detectors read it: with compatibility characters such as full-width forms
 * replaced, digits of all scripts as ASCII digits, unified spaces and hyphens, and
 * without invisible characters. Maps positions back to the original text.
 */
final class NormalizedText {

	private static final char COMBINING_FIRST = '\u0300';

	private static final char COMBINING_LAST = '\u036f';

	private static final char FULL_WIDTH_FIRST = '\uff01';

	private static final char FULL_WIDTH_LAST = '\uff5e';

	private static final int DROPPED = -1;

	/** BMP characters that may be replaced. */
	private static final BitSet NORMALIZED_CHARS = IntStream.rangeClosed(128, Character.MAX_VALUE)
		.filter((c) -> isLigature((char) c) || isLongDash(c) || isCombining(c) || normalize(c) != c)
		.collect(BitSet::new, BitSet::set, BitSet::or);

	private final String original;

	private final StringBuilder text;

	/** Index of each char in the original text. */
	private int[] origins;

	private NormalizedText(String original, int first) {
		this.original = original;
		this.text = new StringBuilder(original.length()).append(original, 0, first);
		this.origins = IntStream.range(0, original.length() + 16).toArray();
		int at = first;
		while (at < original.length()) {
			at = next(at);
		}
	}

	/**
	 * Normalizes a text.
	 * @return the normalized text, {@code null} if it does not differ
	 */
	static @Nullable NormalizedText of(String text) {
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			if (c >= 128 && (NORMALIZED_CHARS.get(c)
					|| (Character.isHighSurrogate(c) && normalize(text.codePointAt(i)) != text.codePointAt(i)))) {
				return new NormalizedText(text, i);
			}
		}
		return null;
	}

	String text() {
		return this.text.toString();
	}

	/**
	 * Maps a detected value to the original text.
	 */
	DetectedValue toOriginal(DetectedValue finding) {
		int last = this.origins[finding.end() - 1];
		int end = last + Character.charCount(this.original.codePointAt(last));
		int limit = (finding.end() < this.text.length()) ? this.origins[finding.end()] : this.original.length();
		while (end < limit && isCombining(this.original.charAt(end))) {
			end++;
		}
		return new DetectedValue(finding.kind(), this.origins[finding.start()], end, finding.contextual());
	}

	private int next(int at) {
		char c = this.original.charAt(at);
		if (c < 128 || (!NORMALIZED_CHARS.get(c) && !Character.isHighSurrogate(c))) {
			append(c, at);
			return at + 1;
		}
		if (isCombining(c) && !this.text.isEmpty()) {
			compose(c, at);
			return at + 1;
		}
		if (isLigature(c)) {
			String letters = Normalizer.normalize(String.valueOf(c), Normalizer.Form.NFKC);
			letters.chars().forEach((letter) -> append((char) letter, at));
			return at + 1;
		}
		int point = this.original.codePointAt(at);
		int normalized = (isLongDash(point) && isInNumber(at)) ? '-' : normalize(point);
		if (normalized != DROPPED) {
			for (char part : Character.toChars(normalized)) {
				append(part, at);
			}
		}
		return at + Character.charCount(point);
	}

	// Composes the mark with the preceding letter
	private void compose(char mark, int at) {
		int last = this.text.length() - 1;
		String composed = Normalizer.normalize("" + this.text.charAt(last) + mark, Normalizer.Form.NFC);
		if (composed.length() == 1) {
			this.text.setCharAt(last, composed.charAt(0));
		}
		else {
			append(mark, at);
		}
	}

	private boolean isInNumber(int at) {
		char before = this.text.isEmpty() ? ' ' : this.text.charAt(this.text.length() - 1);
		int next = (at + 1 < this.original.length()) ? normalize(this.original.codePointAt(at + 1)) : ' ';
		char after = (next > 0 && next < 128) ? (char) next : ' ';
		return Chars.isAlphanumeric(before) && Chars.isAlphanumeric(after)
				&& (Chars.isDigit(before) || Chars.isDigit(after));
	}

	private void append(char c, int origin) {
		if (this.text.length() == this.origins.length) {
			this.origins = Arrays.copyOf(this.origins, this.origins.length * 2);
		}
		this.origins[this.text.length()] = origin;
		this.text.append(c);
	}

	// Maps a code point. Footnote marks and superscripts are retained.
	private static int normalize(int point) {
		if (point < 128) {
			return point;
		}
		switch (Character.getType(point)) {
			case Character.FORMAT -> {
				return DROPPED;
			}
			case Character.SPACE_SEPARATOR -> {
				return ' ';
			}
			case Character.DECIMAL_DIGIT_NUMBER -> {
				return '0' + Character.digit(point, 10);
			}
			case Character.OTHER_NUMBER, Character.MODIFIER_LETTER -> {
				return point;
			}
			default -> {
				return isIgnorable(point) ? DROPPED : isHyphen(point) ? '-' : compatible(point);
			}
		}
	}

	private static int compatible(int point) {
		if (point >= FULL_WIDTH_FIRST && point <= FULL_WIDTH_LAST) {
			return point - FULL_WIDTH_FIRST + '!';
		}
		boolean variants = (point >= 0xfe50 && point <= 0xfe6f) || (point >= 0xff01 && point <= 0xffef)
				|| (point >= 0x1d400 && point <= 0x1d7ff) || (point >= 0x2100 && point <= 0x214f);
		if (!variants) {
			return point;
		}
		String decomposed = Normalizer.normalize(Character.toString(point), Normalizer.Form.NFKC);
		int normalized = decomposed.codePointAt(0);
		return (Character.charCount(normalized) == decomposed.length()) ? normalized : point;
	}

	private static boolean isIgnorable(int point) {
		return point == 0x34f || (point >= 0xfe00 && point <= 0xfe0f) || (point >= 0x180b && point <= 0x180d)
				|| (point >= 0xe0100 && point <= 0xe01ef);
	}

	private static boolean isHyphen(int point) {
		return point == 0x2010 || point == 0x2011 || point == 0x2043 || point == 0xfe63 || point == 0xff0d;
	}

	// Hyphens within a number, otherwise punctuation
	private static boolean isLongDash(int point) {
		return (point >= 0x2012 && point <= 0x2015) || point == 0x2212 || point == 0xfe58;
	}

	private static boolean isCombining(int point) {
		return point >= COMBINING_FIRST && point <= COMBINING_LAST;
	}

	// Two or three letters as one
	private static boolean isLigature(char c) {
		return c >= '\ufb00' && c <= '\ufb06';
	}

	@Override
	public String toString() {
		return "NormalizedText[" + this.text.length() + " chars]";
	}

}
