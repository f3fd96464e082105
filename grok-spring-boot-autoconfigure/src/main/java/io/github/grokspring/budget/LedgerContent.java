package io.github.grokspring.budget;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What stands in a ledger.
 *
 * @param records the records that are whole
 * @param length how many bytes they take, with the header before them
 * @param torn how many bytes follow that a crash left
 */
record LedgerContent(List<LedgerRecord> records, long length, long torn) {

	static final byte[] HEADER = "grok-budget-ledger 1\n".getBytes(StandardCharsets.US_ASCII);

	/**
	 * Read a ledger.
	 * @param file the file
	 * @return what stands in it, nothing if there is no such file
	 * @throws IOException if it cannot be read, is no ledger, or is damaged otherwise
	 * than at its end, where a crash may leave half a record
	 */
	static LedgerContent read(Path file) throws IOException {
		if (!Files.exists(file)) {
			return new LedgerContent(List.of(), 0, 0);
		}
		byte[] bytes = Files.readAllBytes(file);
		if (bytes.length < HEADER.length) {
			requireHeader(file, bytes, bytes.length);
			return new LedgerContent(List.of(), 0, bytes.length);
		}
		requireHeader(file, bytes, HEADER.length);
		return read(file, bytes);
	}

	private static LedgerContent read(Path file, byte[] bytes) throws IOException {
		List<LedgerRecord> records = new ArrayList<>();
		int start = HEADER.length;
		int good = start;
		int line = 1;
		int damaged = 0;
		while (start < bytes.length) {
			line++;
			int end = lineBreak(bytes, start);
			@Nullable LedgerRecord record = (end < bytes.length) ? LedgerRecord.read(bytes, start, end) : null;
			if (record == null) {
				damaged = (damaged > 0) ? damaged : line;
			}
			else if (damaged > 0) {
				throw new FileSystemException(file.toString(), null,
						"its line " + damaged + " is damaged, and good ones follow");
			}
			else {
				records.add(record);
				good = end + 1;
			}
			start = end + 1;
		}
		return new LedgerContent(records, good, bytes.length - good);
	}

	private static int lineBreak(byte[] bytes, int from) {
		int end = from;
		while (end < bytes.length && bytes[end] != '\n') {
			end++;
		}
		return end;
	}

	private static void requireHeader(Path file, byte[] bytes, int length) throws IOException {
		for (int i = 0; i < length; i++) {
			if (bytes[i] != HEADER[i]) {
				throw new FileSystemException(file.toString(), null, "it is no ledger of budgets");
			}
		}
	}

}
