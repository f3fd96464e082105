package io.github.grokspring.redaction;

import java.util.List;
import java.util.Set;

/**
 * Detects email addresses in any script.
 */
final class EmailDetector implements Detector {

	private static final int MAX_LOCAL_LENGTH = 64;

	private static final int MAX_DOMAIN_LENGTH = 253;

	/** File extensions of names such as {@code logo@2x.png}. */
	private static final Set<String> FILES = Set.of("png", "jpg", "jpeg", "gif", "svg", "webp", "css", "js", "html");

	@Override
	public void detect(String text, List<DetectedValue> found) {
		detect(text, "@", found);
		// Encoded in URLs
		detect(text, "%40", found);
	}

	private static void detect(String text, String sign, List<DetectedValue> found) {
		int floor = 0;
		int at = text.indexOf(sign);
		while (at >= 0) {
			int start = start(text, at, floor);
			int end = (start >= 0) ? end(text, at + sign.length() - 1) : -1;
			if (end > 0 && !isRepository(text, start, at, end) && !ConnectionPasswordDetector.isUserInfo(text, start)) {
				found.add(new DetectedValue(Detection.EMAIL.kind(), start, end, false));
				floor = end;
			}
			at = text.indexOf(sign, at + 1);
		}
	}

	private static int start(String text, int at, int floor) {
		int start = at;
		while (start > floor && at - start < MAX_LOCAL_LENGTH && isLocal(text.charAt(start - 1))
				&& !(start < at && Chars.isUnspaced(text.charAt(start - 1)) && text.charAt(start) < 128)) {
			start--;
		}
		while (start < at && !Chars.isWord(text.charAt(start)) && text.charAt(start) != '+') {
			start++;
		}
		return (start < at && text.charAt(at - 1) != '.') ? start : -1;
	}

	private static boolean isLocal(char c) {
		return Chars.isWord(c) || c == '.' || c == '-' || c == '+' || c == '%' || c == '\'' || c == '&' || c == '~';
	}

	private static int end(String text, int at) {
		int end = at + 1;
		int lastDot = -1;
		while (end < text.length() && end - at <= MAX_DOMAIN_LENGTH) {
			char c = text.charAt(end);
			if (c == '.') {
				char next = Chars.at(text, end + 1);
				if (end == at + 1 || !Chars.isWord(next) || next == '_') {
					break;
				}
				lastDot = end;
			}
			else if (!(c == '-' && end > at + 1) && (!Chars.isWord(c) || c == '_')) {
				break;
			}
			else if (lastDot > 0 && Chars.isUnspaced(c) && text.charAt(end - 1) != '.' && text.charAt(end - 1) < 128) {
				break;
			}
			end++;
		}
		while (text.charAt(end - 1) == '-') {
			end--;
		}
		return (lastDot > 0 && isTopLevel(text, lastDot + 1, end) && !isVersion(text, at + 1)) ? end : -1;
	}

	private static boolean isTopLevel(String text, int start, int end) {
		if (end - start < 2 || end - start > 63) {
			return false;
		}
		boolean punycode = text.startsWith("xn--", start);
		for (int i = start; i < end; i++) {
			boolean method = i > start && Character.isUpperCase(text.charAt(i))
					&& Character.isLowerCase(text.charAt(i - 1));
			if (!punycode && (!Character.isLetter(text.charAt(i)) || method)) {
				return false;
			}
		}
		return end - start > 4 || !FILES.contains(text.substring(start, end));
	}

	// Package versions such as lodash@4.17.21.tgz
	private static boolean isVersion(String text, int start) {
		int major = Chars.endOfDigits(text, start);
		return major > start && Chars.at(text, major) == '.' && Chars.isDigit(Chars.at(text, major + 1))
				&& "-.".indexOf(Chars.at(text, Chars.endOfDigits(text, major + 1))) >= 0
				&& Chars.isDigit(Chars.at(text, Chars.endOfDigits(text, major + 1) + 1));
	}

	// git@host:path
	private static boolean isRepository(String text, int start, int at, int end) {
		return at - start == 3 && text.startsWith("git", start) && Chars.at(text, end) == ':';
	}

}
