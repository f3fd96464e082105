package io.github.grokspring.redaction;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Detects random-looking values that are assigned to a name such as password or token.
 */
final class SecretAssignmentDetector implements Detector {

	private static final int MAX_NAME_LENGTH = 64;

	private static final int MAX_VALUE_LENGTH = 512;

	private static final int MAX_BLANKS = 4;

	private static final int MIN_PASSWORD_LENGTH = 6;

	private static final int MIN_KEY_LENGTH = 16;

	private static final double MIN_ENTROPY = 3.0;

	/** Names of values that are chosen by people and hence short and less random. */
	private static final List<String> PASSWORDS = List.of("password", "passwd", "passphrase", "pwd", "secret",
			"pin-code", "passcode", "passwort", "kennwort", "mot de passe", "contrase\u00f1a", "contrasena", "senha",
			"wachtwoord", "has\u0142o", "\u043f\u0430\u0440\u043e\u043b\u044c", "\u5bc6\u7801", "\u5bc6\u78bc",
			"\u30d1\u30b9\u30ef\u30fc\u30c9", "\ube44\ubc00\ubc88\ud638");

	/**
	 * Matches the end of a name only, as in {@code DB_PASS}, but not in {@code bypass}.
	 */
	private static final String PASS = "pass";

	/** Matches a separate word only. */
	private static final String PW = "pw";

	private static final List<String> KEYS = List.of("token", "apikey", "api_key", "api-key", "api key", "accesskey",
			"access_key", "access-key", "secretkey", "secret_key", "secret-key", "secretaccesskey", "privatekey",
			"private_key", "private-key", "accountkey", "account_key", "account-key", "sharedaccesskey", "authkey",
			"auth_key", "auth-key", "encryptionkey", "encryption_key", "encryption-key", "signingkey", "signing_key",
			"signing-key", "credential", "credentials", "authorization", "auth", "sig", "signature", "session_id",
			"sessionid", "session-id", "webhook");

	/**
	 * Names by last character, which rules out most positions.
	 */
	private static final Map<Character, List<SecretName>> NAMES = new HashMap<>();

	static {
		PASSWORDS.forEach((name) -> add(name, MIN_PASSWORD_LENGTH));
		add(PASS, MIN_PASSWORD_LENGTH);
		add(PW, MIN_PASSWORD_LENGTH);
		KEYS.forEach((name) -> add(name, MIN_KEY_LENGTH));
	}

	/** As in "my password is secret1". */
	private static final List<String> VERBS = List.of(" is ", " is: ", " ist ", " ist: ", " lautet ", " lautet: ",
			" est ", " es ", " \u00e8 ");

	/** Maximum distance between a name and the word {@code value}. */
	private static final int MAX_GAP = 32;

	private static void add(String name, int minLength) {
		NAMES.computeIfAbsent(name.charAt(name.length() - 1), (last) -> new ArrayList<>())
			.add(new SecretName(name, minLength));
	}

	@Override
	public void detect(String text, List<DetectedValue> found) {
		ValueScanner value = new ValueScanner(text);
		for (int i = 0; i < text.length(); i++) {
			switch (text.charAt(i)) {
				case '=', ':', '\uff1a' -> detectAssigned(value, i, found);
				case '>' -> detectElement(value, i, found);
				case '-' -> detectOption(value, i, found);
				case ' ' -> detectSentence(value, i, found);
				case 'B', 'b' -> detectAuthorization(value, i, found);
				default -> {
				}
			}
		}
	}

	private static void detectAssigned(ValueScanner value, int sign, List<DetectedValue> found) {
		int end = endOfName(value.text, sign);
		int minLength = minLengthFor(value.text, end);
		minLength = (minLength < 0) ? minLengthForPair(value.text, end) : minLength;
		if (minLength > 0 && !isUserInfo(value.text, end) && !isCompared(value.text, sign)) {
			// A password may end with an exclamation mark
			boolean exact = minLength == MIN_PASSWORD_LENGTH || value.text.charAt(sign) == '=';
			int start = skipSurrounding(value.text, sign + 1);
			int nextLine = (value.text.charAt(sign) == ':') ? startOnNextLine(value.text, sign) : -1;
			value.find((nextLine > 0) ? nextLine : start, minLength, exact, found);
		}
	}

	// Start of a YAML value on the next line, or -1
	private static int startOnNextLine(String text, int sign) {
		int end = sign + 1;
		while (end < text.length() && end - sign < MAX_BLANKS && " |>+-123456789".indexOf(text.charAt(end)) >= 0) {
			end++;
		}
		end += (Chars.at(text, end) == '\r') ? 1 : 0;
		if (end >= text.length() || text.charAt(end) != '\n') {
			return -1;
		}
		int indent = indent(text, end + 1);
		int start = end + 1 + indent;
		int line = text.lastIndexOf('\n', sign) + 1;
		if (indent <= indent(text, line) || start >= text.length() || text.charAt(start) == '\n'
				|| isKey(text, start)) {
			return -1;
		}
		return (text.charAt(start) == '"' || text.charAt(start) == '\'') ? start + 1 : start;
	}

	private static int indent(String text, int line) {
		int at = line;
		while (at - line < MAX_NAME_LENGTH
				&& (Chars.at(text, at) == '\t' || (at < text.length() && text.charAt(at) == ' '))) {
			at++;
		}
		return at - line;
	}

	// A YAML key
	private static boolean isKey(String text, int start) {
		int end = start;
		while (end < text.length() && end - start < MAX_NAME_LENGTH && isName(text.charAt(end))) {
			end++;
		}
		char next = Chars.at(text, end + 1);
		return Chars.at(text, end) == ':' && (next == ' ' || next == '\n' || next == '\r');
	}

	// <password>value</password>
	private static void detectElement(ValueScanner value, int sign, List<DetectedValue> found) {
		int minLength = minLengthFor(value.text, sign);
		if (minLength > 0 && Chars.at(value.text, startOfName(value.text, sign) - 1) == '<') {
			value.find(sign + 1, minLength, true, found);
		}
	}

	// --password value, or -u user:value
	private static void detectOption(ValueScanner value, int start, List<DetectedValue> found) {
		String text = value.text;
		if (start > 0 && !Character.isWhitespace(text.charAt(start - 1))) {
			return;
		}
		int end = start + 1;
		if (text.startsWith("-u ", start)) {
			end = start + 3;
			while (end < text.length() && end - start < MAX_NAME_LENGTH
					&& (isName(text.charAt(end)) || text.charAt(end) == '@')) {
				end++;
			}
			if (Chars.at(text, end) == ':') {
				value.find(end + 1, MIN_PASSWORD_LENGTH, true, found);
			}
		}
		else if (Chars.at(text, end) == '-' && Chars.isLetter(Chars.at(text, end + 1))) {
			while (end < text.length() && end - start < MAX_NAME_LENGTH && isName(text.charAt(end))) {
				end++;
			}
			int minLength = (Chars.at(text, end) == ' ') ? minLengthFor(text, end) : -1;
			if (minLength > 0) {
				value.find(skipSurrounding(text, end + 1), minLength, true, found);
			}
		}
	}

	private static void detectSentence(ValueScanner value, int start, List<DetectedValue> found) {
		char next = Chars.at(value.text, start + 1);
		if (next != 'i' && next != 'l' && next != 'e' && next != '\u00e8') {
			return;
		}
		for (String verb : VERBS) {
			if (value.text.startsWith(verb, start) && minLengthFor(value.text, start) == MIN_PASSWORD_LENGTH) {
				int from = skipSurrounding(value.text, start + verb.length());
				// A sentence may describe a password without containing it
				if (value.hasDigit(from)) {
					value.find(from, MIN_PASSWORD_LENGTH, false, found);
				}
				return;
			}
		}
	}

	private static void detectAuthorization(ValueScanner value, int start, List<DetectedValue> found) {
		if (!Chars.beginsWord(value.text, start)) {
			return;
		}
		boolean bearer = value.text.regionMatches(true, start, "bearer ", 0, 7);
		boolean basic = !bearer && value.text.regionMatches(true, start, "basic ", 0, 6);
		if (bearer || basic) {
			value.find(start + (bearer ? 7 : 6), MIN_KEY_LENGTH, false, found);
		}
	}

	private static int endOfName(String text, int sign) {
		int end = sign;
		while (end > 0 && sign - end < MAX_BLANKS
				&& (isSurrounding(text.charAt(end - 1)) || text.charAt(end - 1) == ']')) {
			end--;
		}
		return end;
	}

	private static int startOfName(String text, int end) {
		int start = end;
		while (start > 0 && end - start < MAX_NAME_LENGTH && isName(text.charAt(start - 1))) {
			start--;
		}
		return start;
	}

	// Minimum length of a value with the name before a position, -1 if it is no secret
	private static int minLengthFor(String text, int end) {
		char last = (end > 0) ? Character.toLowerCase(text.charAt(end - 1)) : ' ';
		for (SecretName name : NAMES.getOrDefault(last, List.of())) {
			int start = end - name.text.length();
			if (text.regionMatches(true, start, name.text, 0, name.text.length())
					&& (!name.text.equals(PASS) || isSeparateWord(text, start))
					&& (!name.text.equals(PW) || startsWord(text, start))) {
				return name.minLength;
			}
		}
		return -1;
	}

	private static boolean isSeparateWord(String text, int start) {
		// "Tests pass: ..." is no password
		boolean prose = Chars.at(text, start - 1) == ' ' && Chars.isLetter(Chars.at(text, start - 2));
		return startsWord(text, start) && !prose;
	}

	private static boolean startsWord(String text, int start) {
		char before = Chars.at(text, start - 1);
		return !Chars.isLetter(before) || (text.charAt(start) == 'P' && before >= 'a' && before <= 'z');
	}

	// name="password" value="...", also in YAML and JSON
	private static int minLengthForPair(String text, int end) {
		int at = end - 5;
		if (!text.regionMatches(true, at, "value", 0, 5) || !Chars.beginsWord(text, at)) {
			return -1;
		}
		int from = at;
		while (at > 0 && from - at < MAX_GAP && isGap(text.charAt(at - 1))) {
			at--;
		}
		int minLength = (at < from) ? minLengthFor(text, at) : -1;
		if (minLength < 0) {
			return -1;
		}
		int start = startOfName(text, at);
		int name = start;
		while (name > 0 && start - name < MAX_BLANKS
				&& (isSurrounding(text.charAt(name - 1)) || text.charAt(name - 1) == '=')) {
			name--;
		}
		boolean named = text.regionMatches(true, name - 4, "name", 0, 4)
				|| text.regionMatches(true, name - 3, "key", 0, 3);
		return (name < start && named) ? minLength : -1;
	}

	private static boolean isGap(char c) {
		return Character.isWhitespace(c) || c == '"' || c == '\'' || c == ',' || c == '\\' || c == '-';
	}

	// A comparison with a variable rather than a value
	private static boolean isCompared(String text, int sign) {
		boolean compared = Chars.at(text, sign + 1) == '=' || "=!<>".indexOf(Chars.at(text, sign - 1)) >= 0;
		char before = Chars.at(text, skipSurrounding(text, sign + 1) - 1);
		return compared && before != '"' && before != '\'' && before != '`';
	}

	// Passwords in URLs are detected elsewhere
	private static boolean isUserInfo(String text, int end) {
		int start = startOfName(text, end);
		return Chars.at(text, start - 1) == '/' && Chars.at(text, start - 2) == '/';
	}

	private static boolean isSurrounding(char c) {
		return c == ' ' || c == '\t' || c == '"' || c == '\'' || c == '`' || c == '\\' || c == '*' || c == ':';
	}

	private static boolean isName(char c) {
		return Chars.isAlphanumeric(c) || c == '_' || c == '-' || c == '.';
	}

	private static int skipSurrounding(String text, int start) {
		int at = start;
		while (at < text.length() && at - start < MAX_BLANKS
				&& (isSurrounding(text.charAt(at)) || text.charAt(at) == '>' || text.charAt(at) == '=')) {
			at++;
		}
		return at;
	}

	/**
	 * Returns whether a value is a placeholder, such as asterisks or a variable.
	 */
	static boolean isPlaceholder(String text, int start, int end) {
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
	 * Finds the value at a position. Caches its end, because separators within a value
	 * would otherwise cause repeated scans.
	 */
	private static final class ValueScanner {

		private final String text;

		private int knownEnd;

		private ValueScanner(String text) {
			this.text = text;
		}

		private void find(int start, int minLength, boolean exact, List<DetectedValue> found) {
			if (start >= this.text.length()) {
				return;
			}
			int end = endOfQuoted(start);
			boolean quoted = end > 0;
			if (!quoted) {
				end = end(start);
				String trailing = exact ? ".,;:)" : ".,;:!?)";
				boolean marked = Chars.at(this.text, start - 1) == '*';
				while (end > start && (trailing.indexOf(this.text.charAt(end - 1)) >= 0
						|| (marked && this.text.charAt(end - 1) == '*'))) {
					end--;
				}
			}
			if (isSecret(start, end, minLength) && (quoted || !isCode(start, end, minLength))) {
				found.add(new DetectedValue(Detection.SECRETS.kind(), start, end));
			}
		}

		private boolean hasDigit(int start) {
			int end = end(start);
			for (int i = start; i < end; i++) {
				if (Chars.isDigit(this.text.charAt(i))) {
					return true;
				}
			}
			return false;
		}

		// Quoted values may contain characters that otherwise end a value
		private int endOfQuoted(int start) {
			char quote = Chars.at(this.text, start - 1);
			if (quote != '"' && quote != '\'' && quote != '`') {
				return -1;
			}
			boolean escaped = Chars.at(this.text, start - 2) == '\\';
			int end = start;
			while (end < this.text.length() && end - start < MAX_VALUE_LENGTH) {
				char c = this.text.charAt(end);
				if (c == quote) {
					return (end > start) ? end : -1;
				}
				if (c == '\\' && escaped && Chars.at(this.text, end + 1) == quote) {
					return (end > start) ? end : -1;
				}
				if (Character.isWhitespace(c)) {
					return -1;
				}
				end += (c == '\\') ? 2 : 1;
			}
			return -1;
		}

		// A method call or property reference
		private boolean isCode(int start, int end, int minLength) {
			int at = start;
			boolean dotted = false;
			while (at < end && Chars.isWord(this.text.charAt(at))) {
				if (Chars.isDigit(this.text.charAt(at))) {
					return false;
				}
				while (at < end && Chars.isWord(this.text.charAt(at))) {
					at++;
				}
				if (at < end && this.text.charAt(at) == '.') {
					dotted = true;
					at++;
				}
			}
			boolean called = Chars.at(this.text, at) == '(' && at <= end;
			return called || (dotted && at == end && minLength == MIN_KEY_LENGTH);
		}

		private int end(int start) {
			if (start < this.knownEnd) {
				return this.knownEnd;
			}
			int end = start;
			while (end < this.text.length() && end - start < MAX_VALUE_LENGTH && isPart(this.text.charAt(end))
					&& !isNextParameter(end)) {
				end++;
			}
			this.knownEnd = end;
			return end;
		}

		// A query parameter that follows the value
		private boolean isNextParameter(int sign) {
			if (this.text.charAt(sign) != '&') {
				return false;
			}
			int end = sign + 1;
			while (end < this.text.length() && end - sign < MAX_BLANKS * 8 && isName(this.text.charAt(end))) {
				end++;
			}
			return end > sign + 1 && Chars.at(this.text, end) == '=';
		}

		private static boolean isPart(char c) {
			return !Character.isWhitespace(c) && c != '"' && c != '\'' && c != '`' && c != '<' && c != '>' && c != ';'
					&& c != ',' && c != '\\' && c != '[' && c != ']' && c != '{' && c != '}' && c != ')';
		}

		private boolean isSecret(int start, int end, int minLength) {
			if (end - start < minLength || isPlaceholder(this.text, start, end)) {
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
			if (minLength == MIN_PASSWORD_LENGTH) {
				return letters && (digits || symbols);
			}
			return letters && digits && entropy(counts, length) >= MIN_ENTROPY;
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

	private record SecretName(String text, int minLength) {

	}

}
