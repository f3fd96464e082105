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
 * Content of a ledger file.
 *
 * @param records the complete records
 * @param length the number of bytes of the header and these records
 * @param discardedAtEnd the number of bytes at the end that a crash left behind
 * @param discardedWithin the number of bytes of a page that was only partly written
 */
record LedgerContent(List<LedgerRecord> records, long length, long discardedAtEnd, long discardedWithin) {

	/**
	 * Size of a file system block, which a crash of the machine can leave partly written.
	 */
	private static final int BLOCK = 4096;

	static final byte[] HEADER = "grok-budget-ledger 1\n".getBytes(StandardCharsets.US_ASCII);

	/**
	 * Reads a ledger.
	 * @param file the file
	 * @return its content, empty if the file does not exist
	 * @throws IOException if the file cannot be read, is not a ledger, or is damaged
	 * other than at its end, where a crash can leave a partial record or zeros
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
	 * Whether there is a zero byte, which no written line contains.
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
				throw new FileSystemException(file.toString(), null, "it is not a budget ledger");
			}
		}
	}

}
