package io.github.grokspring.redaction;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;

import org.springframework.util.Assert;

/**
 * Detects phone numbers. Candidates are selected here, so that libphonenumber only
 * validates short texts.
 */
final class PhoneNumberDetector implements Detector {

	private static final int MAX_LENGTH = 24;

	private static final int MAX_TRIES = 3;

	private static final int MIN_DIGITS = 7;

	private static final int MAX_DIGITS = 15;

	private static final int LABEL_DISTANCE = 20;

	private static final int NORTH_AMERICA = 1;

	private static final int MAX_COUNTRY_CODE_LENGTH = 3;

	private static final String UNKNOWN = "ZZ";

	private static final String NON_GEOGRAPHIC = PhoneNumberUtil.REGION_CODE_FOR_NON_GEO_ENTITY;

	private static final int NORTH_AMERICAN_DIGITS = 10;

	/**
	 * Words that label a phone number. Those that end with a space match as whole words
	 * only.
	 */
	private static final List<String> LABELS = List.of("phone", "telef", "tel ", "t\u00e9l ", "mobil", "call ", "fax",
			"whatsapp", "cell ", "handy", "my number", "your number", "contact ", "sms ", "\u0442\u0435\u043b",
			"\u7535\u8bdd", "\u96fb\u8a71", "\u624b\u673a", "\u643a\u5e2f", "\uc804\ud654");

	/** Country codes for which the library does more than remove a prefix. */
	private static final Set<Integer> TRANSFORMED = Set.of(52, 54, 55);

	private final PhoneNumberUtil util = PhoneNumberUtil.getInstance();

	private final List<String> regions;

	private final Set<String> northAmerica;

	PhoneNumberDetector(Set<String> regions) {
		this.regions = regions.stream().map((region) -> region.toUpperCase(Locale.ROOT)).sorted().toList();
		this.regions.forEach((region) -> Assert.isTrue(this.util.getSupportedRegions().contains(region),
				() -> "'" + region + "' is not a supported region for phone numbers"));
		this.northAmerica = this.regions.stream()
			.filter((region) -> this.util.getCountryCodeForRegion(region) == NORTH_AMERICA)
			.collect(Collectors.toSet());
	}

	@Override
	public void detect(String text, List<DetectedValue> found) {
		int i = 0;
		while (i < text.length()) {
			char c = text.charAt(i);
			if (c != '+' && c != '(' && !Chars.isDigit(c)) {
				i++;
				continue;
			}
			int token = endOfToken(text, i);
			int end = (token - i <= MAX_LENGTH && startsNumber(text, i)) ? end(text, i, found) : -1;
			i = (end > 0) ? end : Math.max(i + 1, token);
		}
	}

	private static boolean startsNumber(String text, int start) {
		char before = Chars.at(text, start - 1);
		boolean joined = before == '-' || before == '.' || before == '/' || before == '+' || before == '#';
		return Chars.beginsWord(text, start) && !(joined && start > 0);
	}

	private static int endOfToken(String text, int start) {
		int end = start;
		while (end < text.length() && isPart(text.charAt(end)) && text.charAt(end) != ' ') {
			end++;
		}
		return end;
	}

	private static boolean isPart(char c) {
		return Chars.isDigit(c) || c == ' ' || c == '-' || c == '.' || c == '/' || c == '(' || c == ')' || c == '+'
				|| c == '\u00a0';
	}

	private int end(String text, int start, List<DetectedValue> found) {
		int end = start + 1;
		boolean plain = Chars.isDigit(text.charAt(start)) && text.charAt(start) != '0';
		while (end < text.length() && end - start < MAX_LENGTH && isPart(text.charAt(end))
				&& !(text.charAt(end) == ' ' && text.charAt(end - 1) == ' ') && text.charAt(end) != '+') {
			plain &= Chars.isDigit(text.charAt(end)) || text.charAt(end) == ' ' || text.charAt(end) == '\u00a0';
			end++;
		}
		if (end - start < MIN_DIGITS || (plain && !isLabeled(text, start))) {
			return -1;
		}
		boolean cut = end < text.length() && end - start == MAX_LENGTH && Chars.isDigit(text.charAt(end));
		end = cut ? lastBlank(text, start, end) : end;
		for (int tries = 0; tries < MAX_TRIES && end > start; tries++) {
			while (end > start && !Chars.isDigit(text.charAt(end - 1))) {
				end--;
			}
			if (Chars.endsWord(text, end) && isNumber(text, start, end)) {
				boolean named = text.charAt(start) != '+' && !isGrouped(text, start, end);
				found.add(new DetectedValue(Detection.PHONE.kind(), start, end, named));
				return end;
			}
			end = lastBlank(text, start, end - 1);
		}
		return -1;
	}

	private static int lastBlank(String text, int start, int end) {
		int at = end;
		while (at > start && text.charAt(at) != ' ') {
			at--;
		}
		return at;
	}

	private boolean isNumber(String text, int start, int end) {
		int digits = 0;
		for (int i = start; i < end; i++) {
			digits += Chars.isDigit(text.charAt(i)) ? 1 : 0;
		}
		if (digits < MIN_DIGITS || digits > (text.startsWith("00", start) ? MAX_DIGITS + 2 : MAX_DIGITS)) {
			return false;
		}
		String candidate = text.substring(start, end);
		if (candidate.charAt(0) == '+') {
			return isInternational(candidate, 1);
		}
		if (candidate.startsWith("00") && isInternational(candidate, 2)) {
			return true;
		}
		boolean checked = false;
		for (String region : this.regions) {
			if (this.northAmerica.contains(region) && !isNorthAmerican(candidate, digits)) {
				continue;
			}
			if (!checked && !isGrouped(text, start, end) && !isLabeled(text, start)) {
				return false;
			}
			checked = true;
			boolean valid = this.northAmerica.contains(region)
					? isValid(NORTH_AMERICA, nationalNumber(candidate, digits - NORTH_AMERICAN_DIGITS), region)
					: isValid(candidate, region);
			if (valid) {
				return true;
			}
		}
		return false;
	}

	// Much faster than the library
	private static boolean isNorthAmerican(String candidate, int digits) {
		int skipped = digits - NORTH_AMERICAN_DIGITS;
		int position = -skipped;
		for (int i = 0; i < candidate.length(); i++) {
			char c = candidate.charAt(i);
			if (Chars.isDigit(c)) {
				boolean code = position == 0 || position == 3;
				if ((position < 0 && c != '1') || (code && c < '2')) {
					return false;
				}
				position++;
			}
		}
		return skipped == 0 || skipped == 1;
	}

	// Parsing a number takes the library longer than validating it
	private boolean isInternational(String candidate, int from) {
		int code = 0;
		int digits = 0;
		for (int i = from; i < candidate.length() && digits < MAX_COUNTRY_CODE_LENGTH; i++) {
			if (Chars.isDigit(candidate.charAt(i))) {
				code = code * 10 + candidate.charAt(i) - '0';
				digits++;
				if (code == 0) {
					return false;
				}
				String region = this.util.getRegionCodeForCountryCode(code);
				if (!region.equals(UNKNOWN)) {
					return isInternational(candidate, from, code, region, digits);
				}
			}
		}
		return false;
	}

	private boolean isInternational(String candidate, int from, int code, String region, int codeDigits) {
		int skipped = codeDigits + ((from == 2) ? 2 : 0);
		int first = 0;
		for (int seen = 0; first < candidate.length(); first++) {
			if (Chars.isDigit(candidate.charAt(first)) && seen++ == skipped) {
				break;
			}
		}
		char digit = Chars.at(candidate, first);
		String prefix = region.equals(NON_GEOGRAPHIC) ? null : this.util.getNddPrefixForRegion(region, true);
		boolean prefixed = digit == '0' || (prefix != null && !prefix.isEmpty() && digit == prefix.charAt(0));
		if (!prefixed && !TRANSFORMED.contains(code)) {
			return isValid(code, nationalNumber(candidate, skipped), UNKNOWN);
		}
		return isValid((from == 1) ? candidate : "+" + candidate.substring(from), UNKNOWN);
	}

	private static long nationalNumber(String candidate, int skipped) {
		long number = 0;
		int seen = 0;
		for (int i = 0; i < candidate.length(); i++) {
			char c = candidate.charAt(i);
			if (Chars.isDigit(c) && seen++ >= skipped) {
				number = number * 10 + c - '0';
			}
		}
		return number;
	}

	private boolean isValid(int code, long nationalNumber, String region) {
		return isValid(new PhoneNumber().setCountryCode(code).setNationalNumber(nationalNumber), region);
	}

	private boolean isValid(String candidate, String region) {
		try {
			return isValid(this.util.parse(candidate, region), region);
		}
		catch (NumberParseException ex) {
			// Most digit sequences are something else
			return false;
		}
	}

	private boolean isValid(PhoneNumber number, String region) {
		return region.equals(UNKNOWN) ? this.util.isValidNumber(number)
				: this.util.isValidNumberForRegion(number, region);
	}

	// Grouped like a phone number rather than a table, a date or a sum
	private static boolean isGrouped(String text, int start, int end) {
		int groups = 0;
		int separators = 0;
		boolean dashed = false;
		for (int i = start; i < end; i++) {
			char c = text.charAt(i);
			if (Chars.isDigit(c)) {
				groups += (i == start || !Chars.isDigit(text.charAt(i - 1))) ? 1 : 0;
			}
			else {
				separators++;
				dashed |= c == '-' || c == '(' || c == '.' || c == '/';
			}
		}
		boolean trunk = text.charAt(start) == '0' || text.charAt(start) == '(';
		return separators > 0 && groups > 1 && (dashed || trunk) && !isQuad(text, start, end, groups)
				&& !isDate(text, start);
	}

	private static boolean isQuad(String text, int start, int end, int groups) {
		return groups == 4 && text.substring(start, end).chars().filter((c) -> c == '.').count() == 3;
	}

	// 2024-01-15 with any suffix
	private static boolean isDate(String text, int start) {
		char separator = Chars.at(text, start + 4);
		return Chars.endOfDigits(text, start) == start + 4 && (separator == '-' || separator == '/' || separator == '.')
				&& Chars.endOfDigits(text, start + 5) <= start + 7
				&& Chars.at(text, Chars.endOfDigits(text, start + 5)) == separator;
	}

	private static boolean isLabeled(String text, int start) {
		for (int i = Math.max(0, start - LABEL_DISTANCE); i < start; i++) {
			char c = text.charAt(i);
			if ((Chars.isLetter(c) || c > 127) && isLabel(text, i, start)) {
				return true;
			}
		}
		return false;
	}

	private static boolean isLabel(String text, int at, int end) {
		char first = Character.toLowerCase(text.charAt(at));
		for (String label : LABELS) {
			if (label.charAt(0) == first) {
				boolean whole = label.charAt(label.length() - 1) == ' ';
				int length = whole ? label.length() - 1 : label.length();
				if (at + length <= end && text.regionMatches(true, at, label, 0, length)
						&& (!whole || (isSeparateWord(text, at) && !Chars.isLetter(Chars.at(text, at + length))))) {
					return true;
				}
			}
		}
		return false;
	}

	private static boolean isSeparateWord(String text, int at) {
		char before = Chars.at(text, at - 1);
		return !Chars.isLetter(before) || (Character.isUpperCase(text.charAt(at)) && Character.isLowerCase(before));
	}

}
