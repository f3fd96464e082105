package io.github.grokspring.budget;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32C;

import org.jspecify.annotations.Nullable;

/**
 * One line of a ledger: an amount that was spent, when that was noted, and under which
 * keys. All keys stand in one line, so that a crash leaves all of them or none.
 *
 * <pre>
 * 788d5bc4 46875000 1795273200000 daily/all/day/1795219200/1795305600
 * </pre>
 *
 * The first column is the checksum of the rest. In a key stand the budget, the scope, the
 * window, and start and end of the period in seconds.
 *
 * @param ticks the amount
 * @param at when it was noted
 * @param keys under which keys
 */
record LedgerRecord(long ticks, Instant at, List<BudgetKey> keys) {

	private static final int CHECKSUM = 8;

	private static final int COLUMNS_BEFORE_KEYS = 2;

	private static final int PARTS_OF_KEY = 5;

	private static final String NEVER = "-";

	/**
	 * Write the line.
	 * @return its bytes, the line break included
	 */
	byte[] line() {
		StringBuilder content = new StringBuilder(128);
		content.append(this.ticks).append(' ').append(this.at.toEpochMilli());
		for (BudgetKey key : this.keys) {
			BudgetPeriod period = key.period();
			Instant end = period.end();
			content.append(' ')
				.append(encoded(key.budget()))
				.append('/')
				.append(encoded(key.scope()))
				.append('/')
				.append(period.window().name().toLowerCase(Locale.ROOT))
				.append('/')
				.append(period.start().getEpochSecond())
				.append('/')
				.append((end != null) ? Long.toString(end.getEpochSecond()) : NEVER);
		}
		byte[] bytes = content.toString().getBytes(StandardCharsets.US_ASCII);
		return (checksum(bytes, 0, bytes.length) + ' ' + content + '\n').getBytes(StandardCharsets.US_ASCII);
	}

	/**
	 * Read a line.
	 * @param bytes what it is part of
	 * @param from where it begins
	 * @param to where its line break stands
	 * @return the record, or {@code null} if it is not what was once written
	 */
	static @Nullable LedgerRecord read(byte[] bytes, int from, int to) {
		int content = from + CHECKSUM + 1;
		if (content >= to || bytes[content - 1] != ' ') {
			return null;
		}
		String written = new String(bytes, from, CHECKSUM, StandardCharsets.US_ASCII);
		if (!written.equals(checksum(bytes, content, to))) {
			return null;
		}
		String[] columns = new String(bytes, content, to - content, StandardCharsets.US_ASCII).split(" ");
		try {
			List<BudgetKey> keys = new ArrayList<>(columns.length - COLUMNS_BEFORE_KEYS);
			for (int i = COLUMNS_BEFORE_KEYS; i < columns.length; i++) {
				keys.add(key(columns[i].split("/")));
			}
			return new LedgerRecord(Long.parseLong(columns[0]), Instant.ofEpochMilli(Long.parseLong(columns[1])), keys);
		}
		catch (IllegalArgumentException | IndexOutOfBoundsException | DateTimeException ex) {
			// The checksum is right, so somebody else wrote it.
			return null;
		}
	}

	private static BudgetKey key(String[] parts) {
		if (parts.length != PARTS_OF_KEY) {
			throw new IllegalArgumentException("not a key");
		}
		Instant end = parts[4].equals(NEVER) ? null : Instant.ofEpochSecond(Long.parseLong(parts[4]));
		return new BudgetKey(decoded(parts[0]), decoded(parts[1]),
				new BudgetPeriod(BudgetWindow.valueOf(parts[2].toUpperCase(Locale.ROOT)),
						Instant.ofEpochSecond(Long.parseLong(parts[3])), end));
	}

	private static String encoded(String name) {
		return URLEncoder.encode(name, StandardCharsets.UTF_8);
	}

	private static String decoded(String name) {
		return URLDecoder.decode(name, StandardCharsets.UTF_8);
	}

	private static String checksum(byte[] bytes, int from, int to) {
		CRC32C checksum = new CRC32C();
		checksum.update(bytes, from, to - from);
		String hex = Long.toHexString(checksum.getValue());
		return "0".repeat(CHECKSUM - hex.length()) + hex;
	}

}
