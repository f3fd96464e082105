package io.github.grokspring.redaction;

import java.util.List;

/**
 * Detects private keys in PEM format. Lines may be joined by {@code \n} as in JSON.
 */
final class PrivateKeyDetector implements Detector {

	private static final String BEGIN = "-----BEGIN ";

	private static final String END = "-----END ";

	private static final String MARK = "PRIVATE KEY";

	private static final String DASHES = "-----";

	private static final int MAX_LABEL_LENGTH = 48;

	private static final int MAX_LENGTH = 32_768;

	private static final int MIN_LENGTH = 32;

	@Override
	public void detect(String text, List<DetectedValue> found) {
		int from = text.indexOf(BEGIN);
		int mark = 0;
		while (from >= 0) {
			int after = from + BEGIN.length();
			int body = endOfLabel(text, after);
			int next = text.indexOf(BEGIN, after);
			if (body > 0) {
				if (mark >= 0 && mark < body) {
					mark = text.indexOf(END, body);
				}
				boolean ended = mark >= 0 && mark - body < MAX_LENGTH && (next < 0 || mark < next);
				int end = ended ? endOfLabel(text, mark + END.length()) : endOfBody(text, body);
				if (end > 0 && (ended || end - body >= MIN_LENGTH)) {
					found.add(new DetectedValue(Detection.SECRETS.kind(), from, end, false));
				}
			}
			from = next;
		}
	}

	private static int endOfLabel(String text, int start) {
		String label = text.substring(start, Math.min(text.length(), start + MAX_LABEL_LENGTH));
		int dashes = label.indexOf(DASHES);
		int mark = label.indexOf(MARK);
		return (mark >= 0 && mark < dashes) ? start + dashes + DASHES.length() : -1;
	}

	// A truncated key is as secret as a complete one
	private static int endOfBody(String text, int body) {
		int end = body;
		while (end < text.length() && isBody(text.charAt(end))) {
			end++;
		}
		return end;
	}

	private static boolean isBody(char c) {
		return Chars.isAlphanumeric(c) || c == '\n' || c == '\r' || c == '+' || c == '/' || c == '=' || c == '\\';
	}

}
