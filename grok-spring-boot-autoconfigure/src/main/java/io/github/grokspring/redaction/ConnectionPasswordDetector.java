package io.github.grokspring.redaction;

import java.util.List;

/**
 * Passwords in addresses, such as that of {@code postgres://user:password@host/db}. Only
 * the password is found, so that the model still sees what is connected to what.
 */
final class ConnectionPasswordDetector implements Detector {

	private static final int LONGEST = 256;

	@Override
	public void detect(String text, List<DetectedValue> found) {
		int from = text.indexOf("://");
		while (from >= 0) {
			int start = from + 3;
			int at = userInfoEnd(text, start);
			int colon = (at > 0) ? text.indexOf(':', start) : -1;
			if (colon > 0 && colon + 1 < at && !SecretAssignmentDetector.isBlank(text, colon + 1, at)) {
				found.add(new DetectedValue(Detection.SECRETS.kind(), colon + 1, at));
			}
			from = text.indexOf("://", start);
		}
	}

	/**
	 * Where the part of an address ends that says who connects.
	 * @return the position of the last {@code @} before the host, or -1 if there is none
	 */
	private static int userInfoEnd(String text, int start) {
		int at = -1;
		for (int i = start; i < text.length() && i - start < LONGEST; i++) {
			char c = text.charAt(i);
			if (c == '@') {
				at = i;
			}
			else if (Character.isWhitespace(c) || "/?#\"'<>`".indexOf(c) >= 0) {
				return at;
			}
		}
		return at;
	}

	/**
	 * Whether what stands before an {@code @} is a password of an address and no mailbox.
	 * @param text the text
	 * @param local where the last word before the {@code @} begins
	 * @return whether it belongs to an address with a scheme
	 */
	static boolean isUserInfo(String text, int local) {
		for (int i = local - 1; i > 1 && local - i < LONGEST; i--) {
			char c = text.charAt(i);
			if (c == '/') {
				return text.charAt(i - 1) == '/' && text.charAt(i - 2) == ':';
			}
			if (Character.isWhitespace(c) || c == '"' || c == '<' || c == '@') {
				return false;
			}
		}
		return false;
	}

}
