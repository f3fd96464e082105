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
 * Phone numbers. What may be one is picked here, so that the library sees short texts
 * only; it decides whether such a number can exist.
 */
final class PhoneNumbers implements Detector {

	private static final int LONGEST = 24;

	private static final int MOST_TRIES = 3;

	private static final int LEAST_DIGITS = 7;

	private static final int MOST_DIGITS = 15;

	private static final int NEAR = 20;

	private static final int NORTH_AMERICA = 1;

	private static final int NORTH_AMERICAN_DIGITS = 10;

	private static final List<String> NAMES = List.of("phone", "tel", "mobil", "call", "fax", "whatsapp", "cell",
			"handy", "number", "contact", "sms");

	private final PhoneNumberUtil util = PhoneNumberUtil.getInstance();

	private final List<String> regions;

	private final Set<String> northAmerica;

	PhoneNumbers(Set<String> regions) {
		this.regions = regions.stream().map((region) -> region.toUpperCase(Locale.ROOT)).sorted().toList();
		this.regions.forEach((region) -> Assert.isTrue(this.util.getSupportedRegions().contains(region),
				() -> "'" + region + "' is not a region whose phone numbers are known"));
		this.northAmerica = this.regions.stream()
			.filter((region) -> this.util.getCountryCodeForRegion(region) == NORTH_AMERICA)
			.collect(Collectors.toSet());
	}

	@Override
	public void detect(String text, List<Finding> found) {
		int i = 0;
		while (i < text.length()) {
			char c = text.charAt(i);
			if (c != '+' && c != '(' && !Chars.isDigit(c)) {
				i++;
				continue;
			}
			int token = endOfToken(text, i);
			int end = (token - i <= LONGEST && begins(text, i)) ? end(text, i, found) : -1;
			i = (end > 0) ? end : Math.max(i + 1, token);
		}
	}

	private static boolean begins(String text, int start) {
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

	private int end(String text, int start, List<Finding> found) {
		int end = start + 1;
		while (end < text.length() && end - start < LONGEST && isPart(text.charAt(end))
				&& !(text.charAt(end) == ' ' && text.charAt(end - 1) == ' ') && text.charAt(end) != '+') {
			end++;
		}
		boolean cut = end < text.length() && end - start == LONGEST && Chars.isDigit(text.charAt(end));
		end = cut ? lastBlank(text, start, end) : end;
		for (int tries = 0; tries < MOST_TRIES && end > start; tries++) {
			while (end > start && !Chars.isDigit(text.charAt(end - 1))) {
				end--;
			}
			if (Chars.endsWord(text, end) && isNumber(text, start, end)) {
				boolean named = text.charAt(start) != '+' && !isGrouped(text, start, end);
				found.add(new Finding(Detection.PHONE.kind(), start, end, named));
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
		if (digits < LEAST_DIGITS || digits > MOST_DIGITS) {
			return false;
		}
		String candidate = text.substring(start, end);
		if (candidate.charAt(0) == '+') {
			return isValid(candidate, "ZZ");
		}
		if (candidate.startsWith("00") && isValid("+" + candidate.substring(2), "ZZ")) {
			return true;
		}
		boolean asked = false;
		for (String region : this.regions) {
			if (this.northAmerica.contains(region) && !isNorthAmerican(candidate, digits)) {
				continue;
			}
			if (!asked && !isGrouped(text, start, end) && !isCalledSo(text, start)) {
				return false;
			}
			asked = true;
			if (isValid(candidate, region)) {
				return true;
			}
		}
		return false;
	}

	// The library takes its time to find out
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

	private boolean isValid(String candidate, String region) {
		try {
			PhoneNumber number = this.util.parse(candidate, region);
			return region.equals("ZZ") ? this.util.isValidNumber(number)
					: this.util.isValidNumberForRegion(number, region);
		}
		catch (NumberParseException ex) {
			// Most runs of digits are something else
			return false;
		}
	}

	// The way people write phone numbers, rather than tables, dates or sums
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

	// 2024-01-15, whatever follows
	private static boolean isDate(String text, int start) {
		char separator = Chars.at(text, start + 4);
		return Chars.endOfDigits(text, start) == start + 4 && (separator == '-' || separator == '/' || separator == '.')
				&& Chars.endOfDigits(text, start + 5) <= start + 7
				&& Chars.at(text, Chars.endOfDigits(text, start + 5)) == separator;
	}

	private static boolean isCalledSo(String text, int start) {
		String before = text.substring(Math.max(0, start - NEAR), start).toLowerCase(Locale.ROOT);
		return NAMES.stream().anyMatch(before::contains);
	}

}
