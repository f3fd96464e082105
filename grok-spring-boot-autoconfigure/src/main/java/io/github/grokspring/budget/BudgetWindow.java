package io.github.grokspring.budget;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * Period after which a budget resets.
 *
 * @since 0.1.0
 */
public enum BudgetWindow {

	/**
	 * An hour of local time.
	 */
	HOUR {

		// Uses the current offset, so that an hour that a daylight saving change cuts
		// or repeats is a separate window.
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
	 * A calendar day, from midnight to midnight.
	 */
	DAY {

		@Override
		BudgetPeriod periodAt(Instant instant, ZoneId zone) {
			LocalDate day = LocalDate.ofInstant(instant, zone);
			return period(day, day.plusDays(1), zone);
		}

	},

	/**
	 * A calendar month.
	 */
	MONTH {

		@Override
		BudgetPeriod periodAt(Instant instant, ZoneId zone) {
			LocalDate first = LocalDate.ofInstant(instant, zone).withDayOfMonth(1);
			return period(first, first.plusMonths(1), zone);
		}

	},

	/**
	 * The budget never resets.
	 */
	TOTAL {

		@Override
		BudgetPeriod periodAt(Instant instant, ZoneId zone) {
			return BudgetPeriod.ALWAYS;
		}

	};

	private static final long SECONDS_PER_HOUR = 3600;

	/**
	 * Returns the period that contains an instant.
	 * @param instant the instant
	 * @param zone the time zone
	 * @return the period
	 */
	abstract BudgetPeriod periodAt(Instant instant, ZoneId zone);

	BudgetPeriod period(LocalDate first, LocalDate next, ZoneId zone) {
		return new BudgetPeriod(this, first.atStartOfDay(zone).toInstant(), next.atStartOfDay(zone).toInstant());
	}

}
