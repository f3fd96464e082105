package io.github.grokspring.redaction;

import java.util.List;

/**
 * Detects payment card numbers by issuer, length, Luhn check digit, and grouping.
 */
final class CreditCardDetector implements Detector {

	private static final int MIN_DIGITS = 12;

	private static final int MAX_DIGITS = 19;

	@Override
	public void detect(String text, List<DetectedValue> found) {
		int i = 0;
		while (i < text.length()) {
			if (!Chars.isDigit(text.charAt(i))) {
				i++;
				continue;
			}
			int end = begins(text, i) ? end(text, i) : -1;
			if (end > 0) {
				found.add(new DetectedValue(Detection.CREDIT_CARD.kind(), i, end, false));
				i = end;
			}
			else {
				i = Chars.endOfDigits(text, i);
			}
		}
	}

	private static boolean begins(String text, int start) {
		char before = Chars.at(text, start - 1);
		char first = text.charAt(start);
		// No issuer uses other first digits
		boolean issued = (first >= '2' && first <= '6') || first == '8';
		return issued && Chars.beginsWord(text, start)
				&& !((before == '.' || before == '-') && Chars.isDigit(Chars.at(text, start - 2)));
	}

	// End of the longest number at a position
	private static int end(String text, int start) {
		int[] digits = new int[MAX_DIGITS];
		int count = 0;
		int found = -1;
		int at = start;
		char separator = 0;
		while (count < MAX_DIGITS) {
			int groupEnd = Chars.endOfDigits(text, at);
			if (groupEnd - at > MAX_DIGITS - count) {
				return found;
			}
			for (; at < groupEnd; at++) {
				digits[count++] = text.charAt(at) - '0';
			}
			if (count >= MIN_DIGITS && ends(text, at) && isCard(digits, count)) {
				found = at;
			}
			char next = Chars.at(text, at);
			boolean goesOn = (separator != 0) ? next == separator : next == ' ' || next == '-';
			if (at >= text.length() || !goesOn || !Chars.isDigit(Chars.at(text, at + 1))
					|| groupEnd - groupStart(text, groupEnd, start) < 3) {
				return found;
			}
			separator = next;
			at++;
		}
		return found;
	}

	private static int groupStart(String text, int end, int start) {
		int at = end;
		while (at > start && end - at < 3 && Chars.isDigit(text.charAt(at - 1))) {
			at--;
		}
		return at;
	}

	private static boolean ends(String text, int end) {
		return Chars.endsWord(text, end) && !(Chars.at(text, end) == '.' && Chars.isDigit(Chars.at(text, end + 1)));
	}

	private static boolean isCard(int[] digits, int count) {
		return isIssued(number(digits, 2), number(digits, 3), number(digits, 4), count) && isLuhn(digits, count);
	}

	private static int number(int[] digits, int count) {
		int number = 0;
		for (int i = 0; i < count; i++) {
			number = number * 10 + digits[i];
		}
		return number;
	}

	private static boolean isIssued(int two, int three, int four, int count) {
		if (two / 10 == 4) {
			return count == 13 || count == 16 || count == 19;
		}
		if (two == 34 || two == 37) {
			return count == 15;
		}
		if ((two >= 51 && two <= 55) || (four >= 2221 && four <= 2720)) {
			return count == 16;
		}
		if (two == 36 || two == 38 || two == 39 || (three >= 300 && three <= 305)) {
			return count == 14 || count == 16 || count == 19;
		}
		if (isMaestro(four)) {
			return count >= MIN_DIGITS;
		}
		boolean discover = four == 6011 || two == 65 || (three >= 644 && three <= 649);
		boolean others = (four >= 3528 && four <= 3589) || two == 62 || (four >= 2200 && four <= 2204) || two == 60
				|| two == 81;
		return (discover || others) && count >= 16;
	}

	private static boolean isMaestro(int four) {
		return switch (four) {
			case 5018, 5020, 5038, 5893, 6304, 6759, 6761, 6762, 6763 -> true;
			default -> false;
		};
	}

	private static boolean isLuhn(int[] digits, int count) {
		int sum = 0;
		for (int i = 0; i < count; i++) {
			int digit = digits[count - 1 - i];
			int weighed = (i % 2 == 1) ? digit * 2 : digit;
			sum += (weighed > 9) ? weighed - 9 : weighed;
		}
		return sum % 10 == 0;
	}

}
