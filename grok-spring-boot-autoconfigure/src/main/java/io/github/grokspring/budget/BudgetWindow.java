package io.github.grokspring.budget;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * How long a limit lasts until it begins anew.
 *
 * @since 0.1.0
 */
public enum BudgetWindow {

	/**
	 * An hour as the clock on the wall shows it.
	 */
	HOUR {

		// By the offset that holds now, so that an hour that a change of the clock cuts
		// or repeats is a window of its own.
		@Override
		BudgetPeriod periodAt(Instant instant, ZoneId zone) {
			ZoneOffset offset = zone.getRules().getOffset(instant);
			long local = Math.floorDiv(instant.getEpochSecond() + offset.getTotalSeconds(), SECONDS_PER_HOUR);
			long start = local * SECONDS_PER_HOUR - offset.getTotalSeconds();
			return new BudgetPeriod(this, Instant.ofEpochSecond(start),
					Instant.ofEpochSecond(start + SECONDS_PER_HOUR));
		}

	},

	/**
	 * A day of the calendar, from midnight to midnight.
	 */
	DAY {

		@Override
		BudgetPeriod periodAt(Instant instant, ZoneId zone) {
			LocalDate day = LocalDate.ofInstant(instant, zone);
			return period(day, day.plusDays(1), zone);
		}

	},

	/**
	 * A month of the calendar.
	 */
	MONTH {

		@Override
		BudgetPeriod periodAt(Instant instant, ZoneId zone) {
			LocalDate first = LocalDate.ofInstant(instant, zone).withDayOfMonth(1);
			return period(first, first.plusMonths(1), zone);
		}

	},

	/**
	 * For ever.
	 */
	TOTAL {

		@Override
		BudgetPeriod periodAt(Instant instant, ZoneId zone) {
			return BudgetPeriod.ALWAYS;
		}

	};

	private static final long SECONDS_PER_HOUR = 3600;

	/**
	 * The period of this window that an instant lies in.
	 * @param instant the instant
	 * @param zone where the clock hangs
	 * @return the period
	 */
	abstract BudgetPeriod periodAt(Instant instant, ZoneId zone);

	BudgetPeriod period(LocalDate first, LocalDate next, ZoneId zone) {
		return new BudgetPeriod(this, first.atStartOfDay(zone).toInstant(), next.atStartOfDay(zone).toInstant());
	}

}
