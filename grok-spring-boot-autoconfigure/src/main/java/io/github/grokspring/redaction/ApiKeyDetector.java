package io.github.grokspring.redaction;

import java.util.List;

/**
 * Keys and tokens whose first chars tell who issued them.
 */
final class ApiKeyDetector implements Detector {

	private static final int MOST = 4_096;

	private static final int LOOK = 64;

	/** By their first char. */
	private static final Shape[][] SHAPES = new Shape[128][];

	static {
		List<Shape> shapes = List.of(
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
				// models
				token("xai-", 20), token("sk-ant-", 20), token("sk-", 20), token("gsk_", 20), token("hf_", 30),
				// packages and others
				plain("npm_", 36), token("pypi-", 40), token("SG.", 40), plain("dop_v1_", 32), plain("shpat_", 32));
		for (int first = 0; first < SHAPES.length; first++) {
			int c = first;
			SHAPES[first] = shapes.stream().filter((shape) -> shape.prefix.charAt(0) == c).toArray(Shape[]::new);
		}
	}

	@Override
	public void detect(String text, List<DetectedValue> found) {
		int i = 0;
		int runEnd = 0;
		while (i < text.length()) {
			char c = text.charAt(i);
			// Read once, or a text of nothing but beginnings were read again and again
			runEnd = (runEnd > i) ? runEnd : endOfRun(text, i);
			int end = (c < 128 && Chars.beginsWord(text, i)) ? end(text, i, runEnd) : -1;
			if (end > 0) {
				found.add(new DetectedValue(Detection.SECRETS.kind(), i, end, false));
				i = end;
			}
			else {
				// Of Azure and Telegram, with their mark in the middle
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
		for (Shape shape : SHAPES[text.charAt(start)]) {
			int end = text.startsWith(shape.prefix, start) ? shape.end(text, start, runEnd) : -1;
			if (end > 0) {
				return end;
			}
		}
		char before = Chars.at(text, start - 1);
		return (text.startsWith("eyJ", start) && before != '-' && before != '.') ? endOfWebToken(text, start) : -1;
	}

	// Three or, when encrypted, five parts; the first is a JSON object
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

	// The number of a bot, a colon, and 35 chars
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

	private static Shape upper(String prefix, int length) {
		return new Shape(prefix, length, length, false);
	}

	private static Shape plain(String prefix, int least) {
		return new Shape(prefix, least, MOST, false);
	}

	private static Shape token(String prefix, int least) {
		return new Shape(prefix, least, MOST, true);
	}

	/**
	 * How a key looks.
	 *
	 * @param prefix how it begins
	 * @param least how many chars follow at least
	 * @param most how many follow at most
	 * @param punctuated whether it may have punctuation
	 */
	private record Shape(String prefix, int least, int most, boolean punctuated) {

		private int end(String text, int start, int runEnd) {
			int body = start + this.prefix.length();
			int end = this.punctuated ? Math.max(body, runEnd) : endOfPlain(text, body);
			while (end > body && !Chars.isAlphanumeric(text.charAt(end - 1)) && text.charAt(end - 1) != '_') {
				end--;
			}
			boolean fits = end - body >= this.least && end - body <= this.most;
			// Words joined by hyphens are names, not keys
			return (fits && (!this.punctuated || isRandom(text, body, end))) ? end : -1;
		}

		private int endOfPlain(String text, int body) {
			int end = body;
			while (end < text.length() && end - body <= this.most && isPart(text.charAt(end))) {
				end++;
			}
			return end;
		}

		private static boolean isRandom(String text, int start, int end) {
			int digits = 0;
			for (int i = start; i < end && i - start < LOOK; i++) {
				digits += Chars.isDigit(text.charAt(i)) ? 1 : 0;
			}
			return digits >= 2;
		}

		private boolean isPart(char c) {
			return Chars.isDigit(c) || (c >= 'A' && c <= 'Z') || (this.most != this.least && Chars.isLetter(c));
		}

	}

}
