package io.github.grokspring.redaction;

import java.util.List;

/**
 * Detects passwords in connection strings such as {@code
 * postgres://user:password@host/db}. Only the password is detected, so that the model
 * still sees what connects to what.
 */
final class ConnectionPasswordDetector implements Detector {

	private static final int MAX_LENGTH = 256;

	@Override
	public void detect(String text, List<DetectedValue> found) {
		int from = text.indexOf("://");
		while (from >= 0) {
			int start = from + 3;
			int at = userInfoEnd(text, start);
			int colon = (at > 0) ? text.indexOf(':', start) : -1;
			if (colon > 0 && colon + 1 < at && !SecretAssignmentDetector.isPlaceholder(text, colon + 1, at)) {
				found.add(new DetectedValue(Detection.SECRETS.kind(), colon + 1, at));
			}
			from = text.indexOf("://", start);
		}
	}

	/**
	 * Returns the position of the last {@code @} before the host, or -1 if there is none.
	 */
	private static int userInfoEnd(String text, int start) {
		int at = -1;
		for (int i = start; i < text.length() && i - start < MAX_LENGTH; i++) {
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
	 * Returns whether the text before an {@code @} is user information of a URL rather
	 * than the local part of an email address.
	 * @param local start of the last word before the {@code @}
	 */
	static boolean isUserInfo(String text, int local) {
		for (int i = local - 1; i > 1 && local - i < MAX_LENGTH; i--) {
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
