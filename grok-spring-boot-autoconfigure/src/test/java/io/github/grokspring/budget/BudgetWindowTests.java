package io.github.grokspring.budget;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Where windows begin and end.
 */
class BudgetWindowTests {

	@ParameterizedTest
	@CsvSource({
			// window, zone, instant, start, end
			"HOUR, UTC, 2026-11-21T13:59:59.999Z, 2026-11-21T13:00:00Z, 2026-11-21T14:00:00Z",
			"HOUR, UTC, 2026-11-21T14:00:00Z, 2026-11-21T14:00:00Z, 2026-11-21T15:00:00Z",
			"HOUR, Asia/Kolkata, 2026-11-21T13:20:00Z, 2026-11-21T12:30:00Z, 2026-11-21T13:30:00Z",
			"HOUR, Europe/Berlin, 2026-10-25T00:30:00Z, 2026-10-25T00:00:00Z, 2026-10-25T01:00:00Z",
			"HOUR, Europe/Berlin, 2026-10-25T01:30:00Z, 2026-10-25T01:00:00Z, 2026-10-25T02:00:00Z",
			"DAY, UTC, 2026-11-21T00:00:00Z, 2026-11-21T00:00:00Z, 2026-11-22T00:00:00Z",
			"DAY, Europe/Berlin, 2026-11-21T23:30:00Z, 2026-11-21T23:00:00Z, 2026-11-22T23:00:00Z",
			"DAY, America/Los_Angeles, 2026-11-21T07:59:59Z, 2026-11-20T08:00:00Z, 2026-11-21T08:00:00Z",
			"MONTH, UTC, 2026-02-28T23:59:59Z, 2026-02-01T00:00:00Z, 2026-03-01T00:00:00Z",
			"MONTH, UTC, 2028-02-29T12:00:00Z, 2028-02-01T00:00:00Z, 2028-03-01T00:00:00Z",
			"MONTH, UTC, 2026-12-31T23:59:59Z, 2026-12-01T00:00:00Z, 2027-01-01T00:00:00Z",
			"MONTH, Asia/Tokyo, 2026-11-30T15:00:00Z, 2026-11-30T15:00:00Z, 2026-12-31T15:00:00Z" })
	void beginsAndEndsByTheClockOnTheWall(BudgetWindow window, String zone, String instant, String start, String end) {
		assertThat(window.periodAt(Instant.parse(instant), ZoneId.of(zone)))
			.isEqualTo(new BudgetPeriod(window, Instant.parse(start), Instant.parse(end)));
	}

	@ParameterizedTest
	@CsvSource({
			// the night the clock goes forward, and the one it goes back
			"2026-03-29T12:00:00Z, 23", "2026-10-25T12:00:00Z, 25", "2026-06-01T12:00:00Z, 24" })
	void aDayHasAsManyHoursAsTheClockSays(String instant, int hours) {
		BudgetPeriod day = BudgetWindow.DAY.periodAt(Instant.parse(instant), ZoneId.of("Europe/Berlin"));
		assertThat(Duration.between(day.start(), day.end())).isEqualTo(Duration.ofHours(hours));
	}

	@Test
	void aDayWithoutMidnightBeginsWhenItsClockBegins() {
		// In Beirut the clock goes from 00:00 to 01:00
		BudgetPeriod day = BudgetWindow.DAY.periodAt(Instant.parse("2026-03-29T12:00:00Z"), ZoneId.of("Asia/Beirut"));
		assertThat(day.start()).isEqualTo("2026-03-28T22:00:00Z");
		assertThat(day.end()).isEqualTo("2026-03-29T21:00:00Z");
	}

	@Test
	void allTimeNeverEnds() {
		BudgetPeriod always = BudgetWindow.TOTAL.periodAt(Instant.parse("2026-11-21T00:00:00Z"), ZoneId.of("UTC"));
		assertThat(always.end()).isNull();
		assertThat(always.isOver(Instant.MAX)).isFalse();
		assertThat(always).isEqualTo(BudgetWindow.TOTAL.periodAt(Instant.now(), ZoneId.of("Europe/Berlin")));
	}

	@ParameterizedTest
	@ValueSource(strings = { "UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu",
			"Asia/Beirut", "Pacific/Apia", "America/Havana" })
	void everyInstantLiesInItsHourAndHoursFollowOneAnother(String name) {
		everyInstantLiesInItsPeriod(BudgetWindow.HOUR, name);
	}

	@ParameterizedTest
	@EnumSource(names = { "DAY", "MONTH" })
	void everyInstantLiesInItsPeriodAndPeriodsFollowOneAnother(BudgetWindow window) {
		for (String name : new String[] { "UTC", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Beirut",
				"America/Havana" }) {
			everyInstantLiesInItsPeriod(window, name);
		}
	}

	private static void everyInstantLiesInItsPeriod(BudgetWindow window, String name) {
		ZoneId zone = ZoneId.of(name);
		Instant instant = Instant.parse("2026-01-01T00:07:00Z");
		BudgetPeriod before = window.periodAt(instant, zone);
		for (int i = 0; i < 366 * 48; i++) {
			BudgetPeriod period = window.periodAt(instant, zone);
			assertThat(period.contains(instant)).as("%s in %s", instant, period).isTrue();
			assertThat(period.isOver(instant)).isFalse();
			if (!period.equals(before)) {
				assertThat(period.start()).isAfter(before.start());
				assertThat(before.isOver(instant)).as("%s is over at %s", before, instant).isTrue();
			}
			before = period;
			instant = instant.plus(Duration.ofMinutes(30));
		}
	}

}
