package io.github.grokspring.redaction;

import java.util.List;
import java.util.Locale;

/**
 * Detects United States social security numbers: three, two and four digits with hyphens
 * or spaces, except for those that are never issued. Nine consecutive digits are detected
 * only if they are labeled as such.
 */
final class SocialSecurityNumberDetector implements Detector {

	private static final int LENGTH = 11;

	private static final int DIGITS = 9;

	private static final int NEAR = 32;

	@Override
	public void detect(String text, List<DetectedValue> found) {
		int i = 0;
		while (i < text.length()) {
			if (!Chars.isDigit(text.charAt(i))) {
				i++;
				continue;
			}
			int digits = Chars.endOfDigits(text, i) - i;
			boolean separated = digits == 3 && isSeparated(text, i);
			boolean together = digits == DIGITS && isCalledSo(text, i);
			if ((separated || together) && begins(text, i) && isIssued(text, i, separated ? 1 : 0)) {
				int end = i + (separated ? LENGTH : DIGITS);
				if (ends(text, end)) {
					found.add(new DetectedValue(Detection.US_SSN.kind(), i, end, together));
					i = end;
					continue;
				}
			}
			i += digits;
		}
	}

	private static boolean isSeparated(String text, int start) {
		char separator = Chars.at(text, start + 3);
		return (separator == '-' || separator == ' ') && Chars.endOfDigits(text, start + 4) == start + 6
				&& Chars.at(text, start + 6) == separator && Chars.endOfDigits(text, start + 7) == start + LENGTH
				&& (separator == '-' || isCalledSo(text, start));
	}

	private static boolean isCalledSo(String text, int start) {
		String before = text.substring(Math.max(0, start - NEAR), start).toLowerCase(Locale.ROOT);
		return before.contains("ssn") || before.contains("social security") || before.contains("social-security")
				|| before.contains("social_security") || before.contains("socialsecurity");
	}

	private static boolean begins(String text, int start) {
		char before = Chars.at(text, start - 1);
		return Chars.beginsWord(text, start)
				&& !((before == '-' || before == '.') && Chars.isWord(Chars.at(text, start - 2)));
	}

	private static boolean ends(String text, int end) {
		return Chars.endsWord(text, end) && !(Chars.at(text, end) == '-' && Chars.isWord(Chars.at(text, end + 1)));
	}

	private static boolean isIssued(String text, int start, int separator) {
		String area = text.substring(start, start + 3);
		int group = start + 3 + separator;
		return !area.equals("000") && !area.equals("666") && area.charAt(0) != '9' && !text.startsWith("00", group)
				&& !text.startsWith("0000", group + 2 + separator);
	}

}
