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
 * @param discardedAtEnd how many bytes follow that a crash left
 * @param discardedWithin how many bytes before that are of a page of which a part has not
 * reached the disk
 */
record LedgerContent(List<LedgerRecord> records, long length, long discardedAtEnd, long discardedWithin) {

	/** What file systems write at once: a crash of the machine leaves one in parts. */
	private static final int BLOCK = 4096;

	static final byte[] HEADER = "grok-budget-ledger 1\n".getBytes(StandardCharsets.US_ASCII);

	/**
	 * Read a ledger.
	 * @param file the file
	 * @return what stands in it, nothing if there is no such file
	 * @throws IOException if it cannot be read, is no ledger, or is damaged otherwise
	 * than at its end, where a crash may leave half a record, or zeros for what has not
	 * reached the disk
	 */
	static LedgerContent read(Path file) throws IOException {
		if (!Files.exists(file)) {
			return new LedgerContent(List.of(), 0, 0, 0);
		}
		byte[] bytes = Files.readAllBytes(file);
		if (isAllZeros(bytes)) {
			return new LedgerContent(List.of(), 0, bytes.length, 0);
		}
		if (bytes.length < HEADER.length) {
			requireHeader(file, bytes, bytes.length);
			return new LedgerContent(List.of(), 0, bytes.length, 0);
		}
		requireHeader(file, bytes, HEADER.length);
		return read(file, bytes);
	}

	private static LedgerContent read(Path file, byte[] bytes) throws IOException {
		List<LedgerRecord> records = new ArrayList<>();
		int lastBlock = (bytes.length - 1) / BLOCK * BLOCK;
		int good = HEADER.length;
		int line = 1;
		int damaged = 0;
		int torn = 0;
		int holes = 0;
		int start = good;
		while (start < bytes.length) {
			line++;
			int end = lineBreak(bytes, start);
			@Nullable LedgerRecord record = (end < bytes.length) ? LedgerRecord.read(bytes, start, end) : null;
			if (record != null) {
				if (damaged > 0) {
					throw new FileSystemException(file.toString(), null,
							"its line " + damaged + " is damaged, and good ones follow");
				}
				records.add(record);
				good = end + 1;
				holes += torn;
				torn = 0;
			}
			else {
				torn += Math.min(end + 1, bytes.length) - start;
				if (damaged == 0 && !hasZero(bytes, Math.max(start, lastBlock), end)) {
					damaged = line;
				}
			}
			start = end + 1;
		}
		return new LedgerContent(records, good, torn, holes);
	}

	/**
	 * Whether there is a zero, which is in no line that was once written.
	 */
	private static boolean hasZero(byte[] bytes, int from, int to) {
		for (int i = from; i < to; i++) {
			if (bytes[i] == 0) {
				return true;
			}
		}
		return false;
	}

	private static boolean isAllZeros(byte[] bytes) {
		for (byte value : bytes) {
			if (value != 0) {
				return false;
			}
		}
		return bytes.length > 0;
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
