package io.github.grokspring.redaction;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Values that are called a password, a token or the like and look random.
 */
final class SecretAssignmentDetector implements Detector {

	private static final int LONGEST_NAME = 64;

	private static final int LONGEST_VALUE = 512;

	private static final int MOST_BLANKS = 4;

	private static final int SHORTEST_PASSWORD = 6;

	private static final int SHORTEST_KEY = 16;

	private static final double LEAST_ENTROPY = 3.0;

	/** People choose them, so that they are short and not quite random. */
	private static final List<String> PASSWORDS = List.of("password", "passwd", "passphrase", "pwd", "secret",
			"pin-code", "passcode", "passwort", "kennwort", "mot de passe", "contrase\u00f1a", "contrasena", "senha",
			"wachtwoord", "has\u0142o", "\u043f\u0430\u0440\u043e\u043b\u044c", "\u5bc6\u7801", "\u5bc6\u78bc",
			"\u30d1\u30b9\u30ef\u30fc\u30c9", "\ube44\ubc00\ubc88\ud638");

	/** What only the end of a name tells, as in {@code DB_PASS}, unlike a bypass. */
	private static final String PASS = "pass";

	/** As short, and only as a word of its own. */
	private static final String PW = "pw";

	private static final List<String> KEYS = List.of("token", "apikey", "api_key", "api-key", "api key", "accesskey",
			"access_key", "access-key", "secretkey", "secret_key", "secret-key", "secretaccesskey", "privatekey",
			"private_key", "private-key", "accountkey", "account_key", "account-key", "sharedaccesskey", "authkey",
			"auth_key", "auth-key", "encryptionkey", "encryption_key", "encryption-key", "signingkey", "signing_key",
			"signing-key", "credential", "credentials", "authorization", "auth", "sig", "signature", "session_id",
			"sessionid", "session-id", "webhook");

	/**
	 * What tells a secret, by the last char, which rules out most of what is looked at.
	 */
	private static final Map<Character, List<Name>> NAMES = new HashMap<>();

	static {
		PASSWORDS.forEach((name) -> add(name, SHORTEST_PASSWORD));
		add(PASS, SHORTEST_PASSWORD);
		add(PW, SHORTEST_PASSWORD);
		KEYS.forEach((name) -> add(name, SHORTEST_KEY));
	}

	/** As in: my password is this. */
	private static final List<String> ARE = List.of(" is ", " is: ", " ist ", " ist: ", " lautet ", " lautet: ",
			" est ", " es ", " \u00e8 ");

	/** What stands between a name and the word value that says what it is. */
	private static final int LONGEST_GAP = 32;

	private static void add(String name, int least) {
		NAMES.computeIfAbsent(name.charAt(name.length() - 1), (last) -> new ArrayList<>()).add(new Name(name, least));
	}

	@Override
	public void detect(String text, List<DetectedValue> found) {
		Value value = new Value(text);
		for (int i = 0; i < text.length(); i++) {
			switch (text.charAt(i)) {
				case '=', ':', '\uff1a' -> detectAssigned(value, i, found);
				case '>' -> detectElement(value, i, found);
				case '-' -> detectOption(value, i, found);
				case ' ' -> detectSaid(value, i, found);
				case 'B', 'b' -> detectAuthorized(value, i, found);
				default -> {
					// tells nothing
				}
			}
		}
	}

	private static void detectAssigned(Value value, int sign, List<DetectedValue> found) {
		int end = endOfName(value.text, sign);
		int least = leastOf(value.text, end);
		least = (least < 0) ? leastOfPair(value.text, end) : least;
		if (least > 0 && !isUserInfo(value.text, end) && !isCompared(value.text, sign)) {
			// A password may well end with an exclamation mark
			boolean exact = least == SHORTEST_PASSWORD || value.text.charAt(sign) == '=';
			int start = skip(value.text, sign + 1);
			int below = (value.text.charAt(sign) == ':') ? startBelow(value.text, sign) : -1;
			value.find((below > 0) ? below : start, least, exact, found);
		}
	}

	// Where a value begins that YAML has on the next line, -1 if none does
	private static int startBelow(String text, int sign) {
		int end = sign + 1;
		while (end < text.length() && end - sign < MOST_BLANKS && " |>+-123456789".indexOf(text.charAt(end)) >= 0) {
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
		while (at - line < LONGEST_NAME
				&& (Chars.at(text, at) == '\t' || (at < text.length() && text.charAt(at) == ' '))) {
			at++;
		}
		return at - line;
	}

	// The name of a value of its own
	private static boolean isKey(String text, int start) {
		int end = start;
		while (end < text.length() && end - start < LONGEST_NAME && isName(text.charAt(end))) {
			end++;
		}
		char next = Chars.at(text, end + 1);
		return Chars.at(text, end) == ':' && (next == ' ' || next == '\n' || next == '\r');
	}

	// <password>value</password>
	private static void detectElement(Value value, int sign, List<DetectedValue> found) {
		int least = leastOf(value.text, sign);
		if (least > 0 && Chars.at(value.text, startOfName(value.text, sign) - 1) == '<') {
			value.find(sign + 1, least, true, found);
		}
	}

	// --password value, or -u user:value
	private static void detectOption(Value value, int start, List<DetectedValue> found) {
		String text = value.text;
		if (start > 0 && !Character.isWhitespace(text.charAt(start - 1))) {
			return;
		}
		int end = start + 1;
		if (text.startsWith("-u ", start)) {
			end = start + 3;
			while (end < text.length() && end - start < LONGEST_NAME
					&& (isName(text.charAt(end)) || text.charAt(end) == '@')) {
				end++;
			}
			if (Chars.at(text, end) == ':') {
				value.find(end + 1, SHORTEST_PASSWORD, true, found);
			}
		}
		else if (Chars.at(text, end) == '-' && Chars.isLetter(Chars.at(text, end + 1))) {
			while (end < text.length() && end - start < LONGEST_NAME && isName(text.charAt(end))) {
				end++;
			}
			int least = (Chars.at(text, end) == ' ') ? leastOf(text, end) : -1;
			if (least > 0) {
				value.find(skip(text, end + 1), least, true, found);
			}
		}
	}

	private static void detectSaid(Value value, int start, List<DetectedValue> found) {
		char next = Chars.at(value.text, start + 1);
		if (next != 'i' && next != 'l' && next != 'e' && next != '\u00e8') {
			return;
		}
		for (String are : ARE) {
			if (value.text.startsWith(are, start) && leastOf(value.text, start) == SHORTEST_PASSWORD) {
				int from = skip(value.text, start + are.length());
				// A sentence may say of a password what it is like
				if (value.hasDigit(from)) {
					value.find(from, SHORTEST_PASSWORD, false, found);
				}
				return;
			}
		}
	}

	private static void detectAuthorized(Value value, int start, List<DetectedValue> found) {
		if (!Chars.beginsWord(value.text, start)) {
			return;
		}
		boolean bearer = value.text.regionMatches(true, start, "bearer ", 0, 7);
		boolean basic = !bearer && value.text.regionMatches(true, start, "basic ", 0, 6);
		if (bearer || basic) {
			value.find(start + (bearer ? 7 : 6), SHORTEST_KEY, false, found);
		}
	}

	private static int endOfName(String text, int sign) {
		int end = sign;
		while (end > 0 && sign - end < MOST_BLANKS && (isAround(text.charAt(end - 1)) || text.charAt(end - 1) == ']')) {
			end--;
		}
		return end;
	}

	private static int startOfName(String text, int end) {
		int start = end;
		while (start > 0 && end - start < LONGEST_NAME && isName(text.charAt(start - 1))) {
			start--;
		}
		return start;
	}

	// How long a value must be, -1 if its name does not tell a secret
	private static int leastOf(String text, int end) {
		char last = (end > 0) ? Character.toLowerCase(text.charAt(end - 1)) : ' ';
		for (Name name : NAMES.getOrDefault(last, List.of())) {
			int start = end - name.text.length();
			if (text.regionMatches(true, start, name.text, 0, name.text.length())
					&& (!name.text.equals(PASS) || isOwnWord(text, start))
					&& (!name.text.equals(PW) || begins(text, start))) {
				return name.least;
			}
		}
		return -1;
	}

	private static boolean isOwnWord(String text, int start) {
		// Tests that pass are no passwords
		boolean prose = Chars.at(text, start - 1) == ' ' && Chars.isLetter(Chars.at(text, start - 2));
		return begins(text, start) && !prose;
	}

	private static boolean begins(String text, int start) {
		char before = Chars.at(text, start - 1);
		return !Chars.isLetter(before) || (text.charAt(start) == 'P' && before >= 'a' && before <= 'z');
	}

	// name="password" value="...", also as in YAML and JSON
	private static int leastOfPair(String text, int end) {
		int at = end - 5;
		if (!text.regionMatches(true, at, "value", 0, 5) || !Chars.beginsWord(text, at)) {
			return -1;
		}
		int from = at;
		while (at > 0 && from - at < LONGEST_GAP && isGap(text.charAt(at - 1))) {
			at--;
		}
		int least = (at < from) ? leastOf(text, at) : -1;
		if (least < 0) {
			return -1;
		}
		int start = startOfName(text, at);
		int name = start;
		while (name > 0 && start - name < MOST_BLANKS
				&& (isAround(text.charAt(name - 1)) || text.charAt(name - 1) == '=')) {
			name--;
		}
		boolean named = text.regionMatches(true, name - 4, "name", 0, 4)
				|| text.regionMatches(true, name - 3, "key", 0, 3);
		return (name < start && named) ? least : -1;
	}

	private static boolean isGap(char c) {
		return Character.isWhitespace(c) || c == '"' || c == '\'' || c == ',' || c == '\\' || c == '-';
	}

	// With a variable rather than with a value
	private static boolean isCompared(String text, int sign) {
		boolean compared = Chars.at(text, sign + 1) == '=' || "=!<>".indexOf(Chars.at(text, sign - 1)) >= 0;
		char before = Chars.at(text, skip(text, sign + 1) - 1);
		return compared && before != '"' && before != '\'' && before != '`';
	}

	// The password of an address, which is looked for elsewhere
	private static boolean isUserInfo(String text, int end) {
		int start = startOfName(text, end);
		return Chars.at(text, start - 1) == '/' && Chars.at(text, start - 2) == '/';
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

		private void find(int start, int least, boolean exact, List<DetectedValue> found) {
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
			if (isSecret(start, end, least) && (quoted || !isCode(start, end, least))) {
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

		// Between quotes there may be signs at which a value would else end
		private int endOfQuoted(int start) {
			char quote = Chars.at(this.text, start - 1);
			if (quote != '"' && quote != '\'' && quote != '`') {
				return -1;
			}
			boolean escaped = Chars.at(this.text, start - 2) == '\\';
			int end = start;
			while (end < this.text.length() && end - start < LONGEST_VALUE) {
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

		// What a program calls, or where it has a value from
		private boolean isCode(int start, int end, int least) {
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
			return called || (dotted && at == end && least == SHORTEST_KEY);
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

	/**
	 * How something is called that is secret.
	 *
	 * @param text the name
	 * @param least how long a value must be
	 */
	private record Name(String text, int least) {

	}

}
