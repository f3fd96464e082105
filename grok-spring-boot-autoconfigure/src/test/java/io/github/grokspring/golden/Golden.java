package io.github.grokspring.golden;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Golden files: what an earlier version wrote or sent, below
 * {@code src/test/resources/golden}.
 * <p>
 * Run the tests with {@code -Dgolden.write=true} to regenerate the files that hold
 * expected output, and review the difference before committing it. Files that hold stored
 * data, such as a ledger, are inputs that every later version has to read. They are
 * written only where they are missing.
 */
final class Golden {

	private static final Path FOLDER = Path.of(System.getProperty("basedir", "."), "src/test/resources/golden");

	private static final boolean WRITE = Boolean.getBoolean("golden.write");

	private Golden() {
	}

	/**
	 * Asserts that a text equals a golden file.
	 */
	static void verify(String name, String actual) {
		Path file = FOLDER.resolve(name);
		if (WRITE) {
			write(file, actual);
		}
		assertThat(file).as("run the test with -Dgolden.write=true to create the file").exists();
		assertThat(file)
			.as("content of golden/%s; if the difference is intended, run the test with -Dgolden.write=true", name)
			.usingCharset(StandardCharsets.UTF_8)
			.hasContent(actual);
	}

	/**
	 * Returns the file of stored data, which is generated only where it is missing.
	 */
	static Path stored(String name, Generator generator) throws Exception {
		Path file = FOLDER.resolve(name);
		if (WRITE && !Files.exists(file)) {
			write(file, generator.generate());
		}
		assertThat(file).exists();
		return file;
	}

	static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void write(Path file, String text) {
		try {
			Files.createDirectories(file.getParent());
			Files.write(file, text.getBytes(StandardCharsets.UTF_8));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Generates stored data.
	 */
	@FunctionalInterface
	interface Generator {

		String generate() throws Exception;

	}

}
