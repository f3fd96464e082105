package io.github.grokspring.redaction;

import java.util.List;

/**
 * Detects keys and tokens whose prefix identifies the issuer.
 */
final class ApiKeyDetector implements Detector {

	private static final int MAX_LENGTH = 4_096;

	private static final int ENTROPY_SAMPLE = 64;

	/** Formats by first character. */
	private static final KeyFormat[][] FORMATS = new KeyFormat[128][];

	static {
		List<KeyFormat> shapes = List.of(
				// Amazon
				upper("AKIA", 16), upper("ASIA", 16), upper("ABIA", 16), upper("ACCA", 16),
				// Google
				token("AIza", 35), token("ya29.", 30), token("GOCSPX-", 24),
				// GitHub
				plain("ghp_", 36), plain("gho_", 36), plain("ghu_", 36), plain("ghs_", 36), plain("ghr_", 36),
				token("github_pat_", 22),
				// GitLab
				token("glpat-", 20), token("gldt-", 20), token("glrt-", 20), token("glptt-", 20), token("glcbt-", 20),
				token("gloas-", 20),
				// Slack
				token("xoxb-", 16), token("xoxp-", 16), token("xoxa-", 16), token("xoxr-", 16), token("xoxs-", 16),
				token("xoxe-", 16), token("xoxe.xox", 16), token("xapp-", 16), token("hooks.slack.com/services/", 16),
				// Stripe
				plain("sk_live_", 16), plain("sk_test_", 16), plain("rk_live_", 16), plain("rk_test_", 16),
				plain("whsec_", 16),
				// AI providers
				token("xai-", 20), token("sk-ant-", 20), token("sk-", 20), token("gsk_", 20), token("hf_", 30),
				// Package registries and others
				plain("npm_", 36), token("pypi-", 40), token("SG.", 40), plain("dop_v1_", 32), plain("shpat_", 32));
		for (int first = 0; first < FORMATS.length; first++) {
			int c = first;
			FORMATS[first] = shapes.stream().filter((format) -> format.prefix.charAt(0) == c).toArray(KeyFormat[]::new);
		}
	}

	@Override
	public void detect(String text, List<DetectedValue> found) {
		int i = 0;
		int runEnd = 0;
		while (i < text.length()) {
			char c = text.charAt(i);
			// Computed once per run, so that a text of many prefixes takes linear time
			runEnd = (runEnd > i) ? runEnd : endOfRun(text, i);
			int end = (c < 128 && Chars.beginsWord(text, i)) ? end(text, i, runEnd) : -1;
			if (end > 0) {
				found.add(new DetectedValue(Detection.SECRETS.kind(), i, end, false));
				i = end;
			}
			else {
				// Azure and Telegram, which have a marker in the middle
				i = (c == 'Q' && text.startsWith("Q~", i)) ? azure(text, i, found)
						: ((c == ':' && text.startsWith(":AA", i)) ? telegram(text, i, found) : i + 1);
			}
		}
	}

	private static int endOfRun(String text, int start) {
		int end = start;
		while (end < text.length() && isRunChar(text.charAt(end))) {
			end++;
		}
		return end;
	}

	private static int end(String text, int start, int runEnd) {
		for (KeyFormat format : FORMATS[text.charAt(start)]) {
			int end = text.startsWith(format.prefix, start) ? format.end(text, start, runEnd) : -1;
			if (end > 0) {
				return end;
			}
		}
		char before = Chars.at(text, start - 1);
		return (text.startsWith("eyJ", start) && before != '-' && before != '.') ? endOfWebToken(text, start) : -1;
	}

	// Three parts, or five if encrypted; the first one is a JSON object
	private static int endOfWebToken(String text, int start) {
		int parts = 0;
		int end = start;
		int partStart = start;
		while (end < text.length()) {
			char c = text.charAt(end);
			if (c == '.') {
				parts++;
				partStart = end + 1;
			}
			else if (!isTokenChar(c)) {
				break;
			}
			end++;
		}
		if (end == partStart && parts > 0) {
			end--;
			parts--;
		}
		return ((parts == 2 || parts == 4) && end - start >= 36) ? end : ((parts == 1 && end - start >= 60) ? end : -1);
	}

	private static int azure(String text, int mark, List<DetectedValue> found) {
		int start = mark - 4;
		int end = mark + 2;
		while (end < text.length() && end - mark < 40
				&& (isTokenChar(text.charAt(end)) || text.charAt(end) == '.' || text.charAt(end) == '~')) {
			end++;
		}
		boolean shaped = start >= 0 && Chars.isDigit(text.charAt(mark - 1)) && Chars.beginsWord(text, start)
				&& end - start >= 37;
		if (shaped) {
			found.add(new DetectedValue(Detection.SECRETS.kind(), start, end, false));
		}
		return end;
	}

	// A bot number, a colon, and 35 characters
	private static int telegram(String text, int mark, List<DetectedValue> found) {
		int start = mark;
		while (start > 0 && mark - start < 11 && Chars.isDigit(text.charAt(start - 1))) {
			start--;
		}
		int end = mark + 1;
		while (end < text.length() && end - mark <= 36 && isTokenChar(text.charAt(end))) {
			end++;
		}
		boolean named = start > 2 && text.startsWith("bot", start - 3);
		if (mark - start >= 8 && mark - start <= 10 && end - mark == 36 && (named || Chars.beginsWord(text, start))) {
			found.add(new DetectedValue(Detection.SECRETS.kind(), start, end, false));
		}
		return end;
	}

	private static boolean isTokenChar(char c) {
		return Chars.isAlphanumeric(c) || c == '_' || c == '-';
	}

	private static boolean isRunChar(char c) {
		return isTokenChar(c) || c == '.' || c == '/';
	}

	private static KeyFormat upper(String prefix, int length) {
		return new KeyFormat(prefix, length, length, false);
	}

	private static KeyFormat plain(String prefix, int minLength) {
		return new KeyFormat(prefix, minLength, MAX_LENGTH, false);
	}

	private static KeyFormat token(String prefix, int minLength) {
		return new KeyFormat(prefix, minLength, MAX_LENGTH, true);
	}

	/**
	 * Format of a key.
	 */
	private record KeyFormat(String prefix, int minLength, int maxLength, boolean punctuated) {

		private int end(String text, int start, int runEnd) {
			int body = start + this.prefix.length();
			int end = this.punctuated ? Math.max(body, runEnd) : endOfPlain(text, body);
			while (end > body && !Chars.isAlphanumeric(text.charAt(end - 1)) && text.charAt(end - 1) != '_') {
				end--;
			}
			boolean fits = end - body >= this.minLength && end - body <= this.maxLength;
			// Words joined by hyphens are names rather than keys
			return (fits && (!this.punctuated || isRandom(text, body, end))) ? end : -1;
		}

		private int endOfPlain(String text, int body) {
			int end = body;
			while (end < text.length() && end - body <= this.maxLength && isPart(text.charAt(end))) {
				end++;
			}
			return end;
		}

		private static boolean isRandom(String text, int start, int end) {
			int digits = 0;
			for (int i = start; i < end && i - start < ENTROPY_SAMPLE; i++) {
				digits += Chars.isDigit(text.charAt(i)) ? 1 : 0;
			}
			return digits >= 2;
		}

		private boolean isPart(char c) {
			return Chars.isDigit(c) || (c >= 'A' && c <= 'Z')
					|| (this.maxLength != this.minLength && Chars.isLetter(c));
		}

	}

}
