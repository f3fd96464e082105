package io.github.grokspring.redaction;

import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for detection of values with non-ASCII characters. Expected values are enclosed
 * in angle brackets.
 */
class UnicodeDetectionTests {

	private static final Redactor EVERYTHING = Redactor.detecting(EnumSet.allOf(Detection.class), Set.of("US"));

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			credit-card | card ⟨4111\\u00a01111\\u00a01111\\u00a01111⟩ please
			credit-card | card ⟨4111\\u202f1111\\u20091111\\u20071111⟩ please
			credit-card | card ⟨4111\\u20131111\\u20131111\\u20131111⟩, ok
			credit-card | card ⟨4111\\u20111111\\u20111111\\u20111111⟩, ok
			credit-card | card ⟨4111\\u22121111\\u22121111\\u22121111⟩, ok
			credit-card | card ⟨４１１１１１１１１１１１１１１１⟩
			credit-card | card ⟨４１１１－１１１１－１１１１－１１１１⟩
			credit-card | card ⟨٤١١١١١١١١١١١١١١١⟩
			credit-card | card ⟨۴۱۱۱ ۱۱۱۱ ۱۱۱۱ ۱۱۱۱⟩
			credit-card | card ⟨४१११११११११११११११⟩
			credit-card | card ⟨𝟒𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏⟩.
			credit-card | card ⟨4111\\u200b1111\\u200b1111\\u200b1111⟩
			us-ssn      | his ⟨219\\u201109\\u20119999⟩.
			us-ssn      | his ⟨219\\u201309\\u20139999⟩.
			us-ssn      | SSN ⟨219\\u00a009\\u00a09999⟩.
			us-ssn      | his ⟨２１９-０９-９９９９⟩
			email       | to ⟨ada＠example.com⟩ now
			email       | to ⟨ada@example．com⟩ now
			email       | to ⟨ａｄａ@ｅｘａｍｐｌｅ.ｃｏｍ⟩ now
			email       | to ⟨ada@exam\\u00adple.com⟩ now
			email       | to ⟨ada\\u200b@\\u200bexample\\u2060.com⟩ now
			email       | to ⟨ada@example.com⟩\\u200b now
			email       | to ⟨ada@example.com⟩\\u2014now
			email       | to ⟨ada@example.com⟩\\u2013now
			email       | by\\u2014⟨ada@example.com⟩
			email       | to ⟨ada@example.com⟩\\u00b9 and \\u2122
			email       | to ⟨ada﹫example.com⟩
			iban        | to ⟨DE89\\u00a03704\\u00a00044\\u00a00532\\u00a00130\\u00a000⟩ ok
			iban        | to ⟨GB29\\u2013NWBK\\u20136016\\u20131331\\u20139268\\u201319⟩ ok
			ip-address  | at ⟨２０３.０.１１３.７⟩ ok
			phone       | call ⟨+1\\u2011212\\u2011736\\u20115000⟩ ok
			phone       | call ⟨+1\\u202f212\\u202f736\\u202f5000⟩ ok
			secret      | pw: ⟨hunter2!x⟩
			secret      | my pw: ⟨hunter2!x⟩
			secret      | wifiPw=⟨hunter2!x⟩
			secret      | pass\\u00adword: ⟨hunter2!x⟩
			secret      | Mot de passe\\u00a0: ⟨hunter2!x⟩
			secret      | contrasen\\u0303a: ⟨hunter2!x⟩
			secret      | ｐａｓｓｗｏｒｄ： ⟨hunter2!x⟩
			secret      | password:\\n  ⟨hunter2!x⟩\\nuser: ada
			secret      | db:\\n  password:\\r\\n    ⟨hunter2!x⟩\\r\\n
			secret      | password: >-\\n  ⟨hunter2!x⟩
			secret      | password: \\u007c\\n  ⟨hunter2!x⟩
			secret      | password:\\n    "⟨hunter2!x⟩"
			secret      | - token:\\n      ⟨a8Fk29sLq0Zx71mPq⟩
			""")
	void detects(String kind, String marked) {
		String text = unescaped(marked);
		int start = text.indexOf('⟨');
		int end = text.indexOf('⟩') - 1;
		String plain = text.replace("⟨", "").replace("⟩", "");
		assertThat(EVERYTHING.find(plain)).extracting(DetectedValue::kind, DetectedValue::start, DetectedValue::end)
			.containsExactly(org.assertj.core.api.Assertions.tuple(kind, start, end));
	}

	@ParameterizedTest
	@ValueSource(strings = { "in 2019\\u20132020 we had 12\\u00a0345\\u00a0678 visitors", "x\\u00b2 + y\\u00b2 = 25",
			"\\u5f00\\u59cb\\uff1a\\uff11\\uff12\\uff13", "5.5 kW, 10 PW: 123456 units", "password:\\n  type1: string",
			"password:\\nuser2: ada99x", "  password:\\n  user2: ada99x", "password:\\n  \\n  abc",
			"spw: hunter2!x is no name", "4111\\u00a01111\\u00a01111\\u00a01112" })
	void doesNotDetect(String text) {
		assertThat(EVERYTHING.find(unescaped(text))).isEmpty();
	}

	@Test
	void detectedValuesLieWithinText() {
		String chars = "4111 @.-:ada\u00ad\u200b\u2011\u2013\u0301\ufb01\uff20\uff14\u0664\u00a0\u2060\ud835\udfd2\ud83d\ude00\udc00\ud800";
		Random random = new Random(11);
		for (int round = 0; round < 20_000; round++) {
			StringBuilder text = new StringBuilder(random.nextBoolean() ? "ada@exa\u00admple.com" : "");
			for (int i = random.nextInt(40); i > 0; i--) {
				text.append(chars.charAt(random.nextInt(chars.length())));
			}
			List<DetectedValue> found = EVERYTHING.find(text.toString());
			assertThat(found).allMatch((finding) -> finding.end() <= text.length());
		}
	}

	private static String unescaped(String text) {
		StringBuilder out = new StringBuilder();
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			char next = Chars.at(text, i + 1);
			if (c == '\\' && next == 'u') {
				out.append((char) Integer.parseInt(text, i + 2, i + 6, 16));
				i += 5;
			}
			else if (c == '\\' && (next == 'n' || next == 'r')) {
				out.append((next == 'n') ? '\n' : '\r');
				i++;
			}
			else {
				out.append(c);
			}
		}
		return out.toString();
	}

}
