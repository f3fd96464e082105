package io.github.grokspring.redaction;

import java.util.List;

/**
 * Values that are called a password, a token or the like and look random.
 */
final class Assignments implements Detector {

	private static final int LONGEST_NAME = 64;

	private static final int LONGEST_VALUE = 512;

	private static final int MOST_BLANKS = 4;

	private static final int SHORTEST_PASSWORD = 6;

	private static final int SHORTEST_KEY = 16;

	private static final double LEAST_ENTROPY = 3.0;

	/** People choose them, so that they are short and not quite random. */
	private static final List<String> PASSWORDS = List.of("password", "passwd", "passphrase", "pwd", "passwort",
			"secret", "pin-code", "passcode");

	private static final List<String> KEYS = List.of("token", "apikey", "api_key", "api-key", "api key", "accesskey",
			"access_key", "access-key", "secretkey", "secret_key", "secret-key", "secretaccesskey", "privatekey",
			"private_key", "private-key", "accountkey", "account_key", "account-key", "sharedaccesskey", "authkey",
			"auth_key", "auth-key", "encryptionkey", "encryption_key", "encryption-key", "signingkey", "signing_key",
			"signing-key", "credential", "credentials", "authorization", "auth", "sig", "signature", "session_id",
			"sessionid", "session-id", "webhook");

	@Override
	public void detect(String text, List<Finding> found) {
		Value value = new Value(text);
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			if (c == '=' || c == ':') {
				detectAssigned(value, i, found);
			}
			else if ((c == 'B' || c == 'b') && Chars.beginsWord(text, i)) {
				detectAuthorized(value, i, found);
			}
		}
	}

	private static void detectAssigned(Value value, int sign, List<Finding> found) {
		int least = leastOf(value.text, sign);
		if (least > 0) {
			int start = skip(value.text, sign + 1);
			int end = value.end(start);
			if (value.isSecret(start, end, least)) {
				found.add(new Finding(Detection.SECRETS.kind(), start, end));
			}
		}
	}

	private static void detectAuthorized(Value value, int start, List<Finding> found) {
		boolean bearer = value.text.regionMatches(true, start, "bearer ", 0, 7);
		boolean basic = !bearer && value.text.regionMatches(true, start, "basic ", 0, 6);
		if (bearer || basic) {
			int token = start + (bearer ? 7 : 6);
			int end = value.end(token);
			if (value.isSecret(token, end, SHORTEST_KEY)) {
				found.add(new Finding(Detection.SECRETS.kind(), token, end));
			}
		}
	}

	// How long a value must be, -1 if its name does not tell a secret
	private static int leastOf(String text, int sign) {
		int end = sign;
		while (end > 0 && sign - end < MOST_BLANKS && isAround(text.charAt(end - 1))) {
			end--;
		}
		int start = end;
		while (start > 0 && end - start < LONGEST_NAME && isName(text.charAt(start - 1))) {
			start--;
		}
		if (end - start < 3) {
			return -1;
		}
		if (endsWithAny(text, end, PASSWORDS)) {
			return SHORTEST_PASSWORD;
		}
		return endsWithAny(text, end, KEYS) ? SHORTEST_KEY : -1;
	}

	private static boolean endsWithAny(String text, int end, List<String> names) {
		for (String name : names) {
			if (text.regionMatches(true, end - name.length(), name, 0, name.length())) {
				return true;
			}
		}
		return false;
	}

	private static boolean isAround(char c) {
		return c == ' ' || c == '\t' || c == '"' || c == '\'' || c == '`' || c == '\\' || c == '*' || c == ':';
	}

	private static boolean isName(char c) {
		return Chars.isAlphanumeric(c) || c == '_' || c == '-' || c == '.';
	}

	private static int skip(String text, int start) {
		int at = start;
		while (at < text.length() && at - start < MOST_BLANKS
				&& (isAround(text.charAt(at)) || text.charAt(at) == '>' || text.charAt(at) == '=')) {
			at++;
		}
		return at;
	}

	/**
	 * Whether nobody would write a value there: stars, or a variable that stands for it.
	 */
	static boolean isBlank(String text, int start, int end) {
		char first = text.charAt(start);
		if (first == '$' || first == '<' || first == '{' || first == '%' && text.charAt(end - 1) == '%') {
			return true;
		}
		for (int i = start; i < end; i++) {
			char c = text.charAt(i);
			if (c != '*' && c != 'x' && c != 'X' && c != '.' && c != '-' && c != '_') {
				return false;
			}
		}
		return true;
	}

	/**
	 * The value at some place of a text. Remembers where it ends, because signs within a
	 * value would else have it read again and again.
	 */
	private static final class Value {

		private final String text;

		private int knownEnd;

		private Value(String text) {
			this.text = text;
		}

		private int end(int start) {
			if (start < this.knownEnd) {
				return this.knownEnd;
			}
			int end = start;
			while (end < this.text.length() && end - start < LONGEST_VALUE && isPart(this.text.charAt(end))
					&& !isNextParameter(end)) {
				end++;
			}
			this.knownEnd = end;
			while (end > start && ".,;:!?)".indexOf(this.text.charAt(end - 1)) >= 0) {
				end--;
			}
			this.knownEnd = end;
			return end;
		}

		// Of a query, after which another name follows
		private boolean isNextParameter(int sign) {
			if (this.text.charAt(sign) != '&') {
				return false;
			}
			int end = sign + 1;
			while (end < this.text.length() && end - sign < MOST_BLANKS * 8 && isName(this.text.charAt(end))) {
				end++;
			}
			return end > sign + 1 && Chars.at(this.text, end) == '=';
		}

		private static boolean isPart(char c) {
			return !Character.isWhitespace(c) && c != '"' && c != '\'' && c != '`' && c != '<' && c != '>' && c != ';'
					&& c != ',' && c != '\\' && c != '[' && c != ']' && c != '{' && c != '}' && c != ')';
		}

		private boolean isSecret(int start, int end, int least) {
			if (end - start < least || isBlank(this.text, start, end)) {
				return false;
			}
			int[] counts = new int[128];
			boolean letters = false;
			boolean digits = false;
			boolean symbols = false;
			int length = Math.min(end - start, 128);
			for (int i = start; i < start + length; i++) {
				char c = this.text.charAt(i);
				counts[c & 127]++;
				letters |= Chars.isLetter(c) || c > 127;
				digits |= Chars.isDigit(c);
				symbols |= c < 128 && !Chars.isAlphanumeric(c) && c != '-' && c != '_' && c != '.' && c != '/'
						&& c != '(' && c != ':';
			}
			if (least == SHORTEST_PASSWORD) {
				return letters && (digits || symbols);
			}
			return letters && digits && entropy(counts, length) >= LEAST_ENTROPY;
		}

		private static double entropy(int[] counts, int length) {
			double entropy = 0;
			for (int count : counts) {
				if (count > 0) {
					double share = (double) count / length;
					entropy -= share * Math.log(share) / Math.log(2);
				}
			}
			return entropy;
		}

	}

}
