package io.github.grokspring.redaction;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Detects international bank account numbers by country, length, and check digits. They
 * may be grouped by single spaces or hyphens.
 */
final class IbanDetector implements Detector {

	/** Country codes and lengths. */
	private static final String COUNTRIES = """
			AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 \
			EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 \
			KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 \
			PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 \
			UA29 VA22 VG24 XK20 YE30""";

	private static final Map<String, Integer> LENGTHS = new HashMap<>();

	static {
		for (String country : COUNTRIES.split(" ")) {
			LENGTHS.put(country.substring(0, 2), Integer.valueOf(country.substring(2)));
		}
	}

	@Override
	public void detect(String text, List<DetectedValue> found) {
		for (int i = 0; i + 14 < text.length(); i++) {
			if (Chars.isDigit(text.charAt(i + 2)) && Chars.isDigit(text.charAt(i + 3)) && Chars.isLetter(text.charAt(i))
					&& Chars.isLetter(text.charAt(i + 1)) && Chars.beginsWord(text, i)) {
				int end = end(text, i);
				if (end > 0) {
					found.add(new DetectedValue(Detection.IBAN.kind(), i, end, false));
					i = end - 1;
				}
			}
		}
	}

	private static int end(String text, int start) {
		Integer length = LENGTHS.get(text.substring(start, start + 2).toUpperCase(Locale.ROOT));
		if (length == null) {
			return -1;
		}
		char[] chars = new char[length];
		int count = 0;
		int at = start;
		while (count < length && at < text.length()) {
			char c = text.charAt(at);
			if (Chars.isAlphanumeric(c)) {
				chars[count++] = Character.toUpperCase(c);
			}
			else if ((c != ' ' && c != '-') || !Chars.isAlphanumeric(text.charAt(at - 1))) {
				return -1;
			}
			at++;
		}
		return (count == length && Chars.endsWord(text, at) && isValid(chars)) ? at : -1;
	}

	private static boolean isValid(char[] chars) {
		int rest = 0;
		for (int i = 0; i < chars.length; i++) {
			char c = chars[(i + 4) % chars.length];
			rest = (Chars.isDigit(c) ? rest * 10 + c - '0' : rest * 100 + c - 'A' + 10) % 97;
		}
		return rest == 1;
	}

}
