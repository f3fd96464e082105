package io.github.grokspring.redaction;

import java.util.List;

/**
 * Private keys in PEM, whose lines may also be joined by {@code \n} as in JSON.
 */
final class PrivateKeys implements Detector {

	private static final String BEGIN = "-----BEGIN ";

	private static final String END = "-----END ";

	private static final String MARK = "PRIVATE KEY";

	private static final String DASHES = "-----";

	private static final int LONGEST_LABEL = 48;

	@Override
	public void detect(String text, List<Finding> found) {
		int from = text.indexOf(BEGIN);
		while (from >= 0) {
			int after = from + BEGIN.length();
			int body = endOfLabel(text, after);
			if (body > 0) {
				after = end(text, body);
				found.add(new Finding(Detection.SECRETS.kind(), from, after, false));
			}
			from = text.indexOf(BEGIN, after);
		}
	}

	private static int endOfLabel(String text, int start) {
		String label = text.substring(start, Math.min(text.length(), start + LONGEST_LABEL));
		int dashes = label.indexOf(DASHES);
		int mark = label.indexOf(MARK);
		return (mark >= 0 && mark < dashes) ? start + dashes + DASHES.length() : -1;
	}

	// A key that breaks off is as secret as a whole one
	private static int end(String text, int body) {
		int end = body;
		while (end < text.length() && isBody(text.charAt(end))) {
			if (text.startsWith(END, end)) {
				int label = endOfLabel(text, end + END.length());
				return (label > 0) ? label : end;
			}
			if (text.startsWith(BEGIN, end)) {
				return end;
			}
			end++;
		}
		return end;
	}

	// Base64, line breaks, and the headers of keys that have a passphrase
	private static boolean isBody(char c) {
		return Chars.isAlphanumeric(c) || Character.isWhitespace(c) || "+/=\\-:,.\"".indexOf(c) >= 0;
	}

}
