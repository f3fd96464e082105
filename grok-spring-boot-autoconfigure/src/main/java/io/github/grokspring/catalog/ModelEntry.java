package io.github.grokspring.catalog;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;

import io.github.grokspring.catalog.GrokModel.Status;
import org.jspecify.annotations.Nullable;

/**
 * Catalog entry of a model. A {@link GrokModel} combines it with the entry of its
 * replacement.
 *
 * @param capabilities the capabilities, or {@code null} if they are those of the
 * replacement
 * @param prices the own price history, newest first
 */
record ModelEntry(String id, Set<String> aliases, @Nullable LocalDate released, @Nullable LocalDate checked,
		Status status, @Nullable ModelCapabilities capabilities, List<Prices> prices, @Nullable EndOfLife end) {

	ModelEntry {
		aliases = Set.copyOf(aliases);
		prices = List.copyOf(prices);
	}

	ModelEntry withAliases(Set<String> aliases) {
		return new ModelEntry(this.id, aliases, this.released, this.checked, this.status, this.capabilities,
				this.prices, this.end);
	}

	ModelEntry withChecked(@Nullable LocalDate checked) {
		return new ModelEntry(this.id, this.aliases, this.released, checked, this.status, this.capabilities,
				this.prices, this.end);
	}

	ModelEntry asUnlisted() {
		return new ModelEntry(this.id, this.aliases, this.released, this.checked, Status.UNLISTED, this.capabilities,
				this.prices, this.end);
	}

	ModelEntry asRedirected(List<Prices> prices, EndOfLife end) {
		return new ModelEntry(this.id, this.aliases, this.released, this.checked, Status.REDIRECTED, null, prices, end);
	}

	ModelEntry asCurrent(ModelCapabilities capabilities, List<Prices> prices) {
		return new ModelEntry(this.id, this.aliases, this.released, this.checked, Status.CURRENT, capabilities, prices,
				null);
	}

	/**
	 * End of life of a model.
	 *
	 * @param at the time from which the prices of the replacement apply, or {@code null}
	 * if unknown
	 * @param on the retirement date, or {@code null} if unknown
	 * @param replacement the id of the replacement, or {@code null} if there is none
	 * @param effort the reasoning effort that the redirect sets, or {@code null} if it
	 * sets none
	 */
	record EndOfLife(@Nullable Instant at, @Nullable LocalDate on, @Nullable String replacement,
			@Nullable String effort) {

	}

}
