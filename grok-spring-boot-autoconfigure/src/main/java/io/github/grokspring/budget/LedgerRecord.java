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
 * Line of a ledger: the amounts that a lease reserves or, after its end, has spent. All
 * amounts are in one line, so that a crash leaves all or none.
 *
 * <pre>
 * 788d5bc4 spent 17 1795273200000 46875000/daily/all/day/1795219200/1795305600/all
 * </pre>
 *
 * The first column is the checksum of the rest. An amount consists of ticks, budget,
 * scope, window, start and end of the period in seconds, and the type of the scope, if
 * known.
 *
 * @param kind the kind of the record
 * @param lease the number of the lease, or {@link #NO_LEASE}
 * @param at the time of the record
 * @param amounts the amounts and keys
 */
record LedgerRecord(Kind kind, long lease, Instant at, List<Amount> amounts) {

	/**
	 * Number of a sum without a lease.
	 */
	static final long NO_LEASE = 0;

	private static final int CHECKSUM = 8;

	private static final int COLUMNS_BEFORE_AMOUNTS = 3;

	private static final int PARTS_OF_AMOUNT = 7;

	/**
	 * Number of parts of an amount in ledgers without the type of the scope.
	 */
	private static final int PARTS_WITHOUT_TYPE = 6;

	private static final String NEVER = "-";

	/**
	 * Creates a record of reserved amounts, which replace earlier ones of the lease.
	 */
	static LedgerRecord held(long lease, Instant at, List<Amount> amounts) {
		return new LedgerRecord(Kind.HELD, lease, at, amounts);
	}

	/**
	 * Creates a record of a settled lease.
	 * @param lease the number of the lease
	 * @param at the time
	 * @param amounts the cost
	 */
	static LedgerRecord spent(long lease, Instant at, List<Amount> amounts) {
		return new LedgerRecord(Kind.SPENT, lease, at, amounts);
	}

	/**
	 * Creates a record of a released lease.
	 */
	static LedgerRecord released(long lease, Instant at) {
		return new LedgerRecord(Kind.SPENT, lease, at, List.of());
	}

	/**
	 * Returns the line.
	 * @return its bytes, including the line break
	 */
	byte[] line() {
		StringBuilder content = new StringBuilder(128);
		content.append(this.kind.id).append(' ').append(this.lease).append(' ').append(this.at.toEpochMilli());
		for (Amount amount : this.amounts) {
			BudgetKey key = amount.key();
			BudgetPeriod period = key.period();
			Instant end = period.end();
			content.append(' ')
				.append(amount.ticks())
				.append('/')
				.append(encoded(key.budget()))
				.append('/')
				.append(encoded(key.scope()))
				.append('/')
				.append(period.window().name().toLowerCase(Locale.ROOT))
				.append('/')
				.append(period.start().getEpochSecond())
				.append('/')
				.append((end != null) ? Long.toString(end.getEpochSecond()) : NEVER);
			BudgetScope type = key.scopeType();
			if (type != null) {
				content.append('/').append(type.name().toLowerCase(Locale.ROOT));
			}
		}
		byte[] bytes = content.toString().getBytes(StandardCharsets.US_ASCII);
		return (checksum(bytes, 0, bytes.length) + ' ' + content + '\n').getBytes(StandardCharsets.US_ASCII);
	}

	/**
	 * Parses a line.
	 * @param bytes the bytes
	 * @param from the start of the line
	 * @param to the position of its line break
	 * @return the record, or {@code null} if the line is damaged
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
			List<Amount> amounts = new ArrayList<>(columns.length);
			for (int i = COLUMNS_BEFORE_AMOUNTS; i < columns.length; i++) {
				amounts.add(amount(columns[i].split("/")));
			}
			return new LedgerRecord(Kind.of(columns[0]), Long.parseLong(columns[1]),
					Instant.ofEpochMilli(Long.parseLong(columns[2])), amounts);
		}
		catch (IllegalArgumentException | IndexOutOfBoundsException | DateTimeException ex) {
			// The checksum is correct, so another program wrote the line.
			return null;
		}
	}

	private static Amount amount(String[] parts) {
		BudgetScope type = switch (parts.length) {
			case PARTS_OF_AMOUNT -> BudgetScope.valueOf(parts[6].toUpperCase(Locale.ROOT));
			case PARTS_WITHOUT_TYPE -> parts[2].equals(WindowedBudget.ALL) ? BudgetScope.ALL : null;
			default -> throw new IllegalArgumentException("not an amount");
		};
		Instant end = parts[5].equals(NEVER) ? null : Instant.ofEpochSecond(Long.parseLong(parts[5]));
		return new Amount(Long.parseLong(parts[0]),
				new BudgetKey(decoded(parts[1]), decoded(parts[2]),
						new BudgetPeriod(BudgetWindow.valueOf(parts[3].toUpperCase(Locale.ROOT)),
								Instant.ofEpochSecond(Long.parseLong(parts[4])), end),
						type));
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

	/**
	 * An amount under a key.
	 *
	 * @param ticks the amount
	 * @param key the key
	 */
	record Amount(long ticks, BudgetKey key) {

		/**
		 * Creates an amount, which must not be negative.
		 */
		Amount {
			if (ticks < 0) {
				throw new IllegalArgumentException("'ticks' must not be negative");
			}
		}

	}

	/**
	 * Kind of a record.
	 */
	enum Kind {

		/**
		 * The amounts are reserved.
		 */
		HELD,

		/**
		 * The amounts were spent, and the lease has ended.
		 */
		SPENT;

		private final String id = name().toLowerCase(Locale.ROOT);

		private static Kind of(String word) {
			for (Kind kind : values()) {
				if (kind.id.equals(word)) {
					return kind;
				}
			}
			throw new IllegalArgumentException("not a kind");
		}

	}

}
