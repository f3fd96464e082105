package io.github.grokspring.benchmark;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import io.github.grokspring.redaction.DetectedValue;
import io.github.grokspring.redaction.Detection;
import io.github.grokspring.redaction.Redactor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Searching a text of a million characters for everything that can be detected: one
 * operation is one text. Besides prose they are texts that would be slow to search with
 * expressions that try again at every character.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class RedactionBenchmark {

	private static final int LENGTH = 1_000_000;

	private final Redactor redactor = Redactor.detecting(EnumSet.allOf(Detection.class), Set.of("US"));

	/** What the text is made of. */
	@Param
	private Content content = Content.PROSE;

	private String text = "";

	@Setup
	public void write() {
		String part = this.content.part;
		this.text = part.repeat(LENGTH / part.length() + 1).substring(0, LENGTH);
	}

	@Benchmark
	public List<DetectedValue> search() {
		return this.redactor.find(this.text);
	}

	/**
	 * What texts are made of.
	 */
	public enum Content {

		/** Sentences, with an address now and then. */
		PROSE("The quick brown fox jumps over the lazy dog; it was 17:45 on 2024-01-15, and 3 of 4 agreed. ".repeat(20)
				+ "Write to ada@example.com. "),

		/** Source code. */
		CODE("public static void main(String[] args) { int value = map.get(\"key\"); token = next(token); } // a::b\n"),

		/** Digits. */
		DIGITS("7"),

		/** Groups of digits. */
		GROUPS("4111 1111 1111 1112 "),

		/** At signs. */
		AT("@"),

		/** What addresses are made of. */
		LOCAL_PARTS("a.b-c+d@"),

		/** Hyphens. */
		HYPHENS("-"),

		/** Colons. */
		COLONS(":"),

		/** Base64 without an end. */
		BASE64("QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAxMjM0NTY3ODkr/"),

		/** Beginnings of keys. */
		KEYS("sk-eyJ-xai-"),

		/** Beginnings of private keys. */
		PRIVATE_KEYS("-----BEGIN PRIVATE KEY-----\n"),

		/** Names of secrets without a value. */
		ASSIGNMENTS("password=token:"),

		/** Addresses with a scheme. */
		SCHEMES("a://b:"),

		/** Groups as of phone numbers that do not exist. */
		PHONES("(155) 155-0000 "),

		/** Nothing but phone numbers that do exist. */
		PHONE_BOOK("(212) 255-0147 ");

		private final String part;

		Content(String part) {
			this.part = part;
		}

	}

}
