package io.github.grokspring.redaction;

import java.util.List;

/**
 * Detects IPv4 and IPv6 addresses, except for loopback, unspecified and broadcast
 * addresses.
 */
final class IpAddressDetector implements Detector {

	private static final int MAX_LENGTH = 45;

	private static final int GROUPS = 8;

	private static final String BEFORE_VERSIONS = " :=\"'`(>";

	private static final int MAX_SEPARATORS = 4;

	private static final List<String> VERSIONS = List.of("version", "release", "section", "chapter", "\u00a7");

	@Override
	public void detect(String text, List<DetectedValue> found) {
		int i = 0;
		while (i < text.length()) {
			if (!isPart(text.charAt(i))) {
				i++;
				continue;
			}
			int end = i;
			int colons = 0;
			int dots = 0;
			while (end < text.length() && isPart(text.charAt(end))) {
				colons += (text.charAt(end) == ':') ? 1 : 0;
				dots += (text.charAt(end) == '.') ? 1 : 0;
				end++;
			}
			detect(text, i, end, colons, dots, found);
			i = end;
		}
	}

	private static boolean isPart(char c) {
		return Chars.isHex(c) || c == '.' || c == ':';
	}

	private static void detect(String text, int from, int to, int colons, int dots, List<DetectedValue> found) {
		int start = from;
		int end = to;
		if (colons >= 2 && to - from <= MAX_LENGTH + 2) {
			end -= (text.charAt(end - 1) == '.' || (text.charAt(end - 1) == ':' && text.charAt(end - 2) != ':')) ? 1
					: 0;
			start += (text.charAt(start) == ':' && text.charAt(start + 1) != ':') ? 1 : 0;
			if (Chars.beginsWord(text, start) && Chars.endsWord(text, end) && isVersion6(text, start, end)) {
				found.add(new DetectedValue(Detection.IP_ADDRESS.kind(), start, end, false));
				return;
			}
		}
		if (dots >= 3) {
			detectVersion4(text, from, to, found);
		}
	}

	// Finds the IPv4 address in a run such as "at:10.0.0.5:8080."
	private static void detectVersion4(String text, int from, int to, List<DetectedValue> found) {
		int start = from;
		while (start < to) {
			int end = start;
			while (end < to && text.charAt(end) != ':') {
				end++;
			}
			int last = end;
			while (last > start && text.charAt(last - 1) == '.') {
				last--;
			}
			if (Chars.beginsWord(text, start) && Chars.endsWord(text, last) && isVersion4(text, start, last)
					&& isPublic(text, start) && !isVersion(text, start, last)) {
				found.add(new DetectedValue(Detection.IP_ADDRESS.kind(), start, last, false));
			}
			start = end + 1;
		}
	}

	// A version number, a section number, or part of a file name
	private static boolean isVersion(String text, int start, int end) {
		int at = start;
		while (at > 0 && start - at < MAX_SEPARATORS && BEFORE_VERSIONS.indexOf(text.charAt(at - 1)) >= 0) {
			at--;
		}
		for (String name : VERSIONS) {
			if (text.regionMatches(true, at - name.length(), name, 0, name.length())) {
				return true;
			}
		}
		char before = Chars.at(text, start - 1);
		if (before == '/' && text.startsWith(".0.0.0", end - 6)) {
			return Chars.isLetter(Chars.at(text, start - 2));
		}
		return before == '-' && Chars.isLetter(Chars.at(text, start - 2)) && Chars.at(text, end) == '.'
				&& Chars.isLetter(Chars.at(text, end + 1));
	}

	private static boolean isVersion4(String text, int start, int end) {
		if (end - start > 15) {
			return false;
		}
		int at = start;
		for (int number = 0; number < 4; number++) {
			int stop = Chars.endOfDigits(text, at);
			int digits = Math.min(stop, end) - at;
			if (digits < 1 || digits > 3 || (digits > 1 && text.charAt(at) == '0')
					|| Integer.parseInt(text, at, at + digits, 10) > 255) {
				return false;
			}
			at += digits;
			if (number < 3 && (at >= end || text.charAt(at++) != '.')) {
				return false;
			}
		}
		return at == end;
	}

	private static boolean isPublic(String text, int start) {
		return !text.startsWith("127.", start) && !text.startsWith("0.", start) && !text.startsWith("255.", start);
	}

	private static boolean isVersion6(String text, int start, int end) {
		int groups = 0;
		int digits = 0;
		boolean gap = false;
		int at = start;
		while (at < end) {
			if (text.startsWith("::", at)) {
				if (gap) {
					return false;
				}
				gap = true;
				at += 2;
				continue;
			}
			if (text.charAt(at) == ':') {
				if (at == start) {
					return false;
				}
				at++;
			}
			int stop = at;
			while (stop < end && Chars.isHex(text.charAt(stop))) {
				digits += Chars.isDigit(text.charAt(stop)) ? 1 : 0;
				stop++;
			}
			if (stop < end && text.charAt(stop) == '.') {
				groups += 2;
				return isVersion4(text, at, end) && isComplete(groups, gap);
			}
			if (stop == at || stop - at > 4) {
				return false;
			}
			groups++;
			at = stop;
		}
		// Two words of code joined by colons are no address
		return isComplete(groups, gap) && groups > 1 && digits > 0;
	}

	private static boolean isComplete(int groups, boolean gap) {
		return gap ? groups < GROUPS : groups == GROUPS;
	}

}
