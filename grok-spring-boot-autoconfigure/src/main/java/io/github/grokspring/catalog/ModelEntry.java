package io.github.grokspring.catalog;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;

import io.github.grokspring.catalog.GrokModel.Status;
import org.jspecify.annotations.Nullable;

/**
 * What is written down about one model. A {@link GrokModel} is made of it together with
 * the entry of its replacement.
 *
 * @param facts how it behaves, {@code null} if as its replacement does
 * @param prices what it costs itself, the newest first
 */
record ModelEntry(String id, Set<String> aliases, @Nullable LocalDate released, @Nullable LocalDate checked,
		Status status, @Nullable ModelCapabilities facts, List<Prices> prices, @Nullable EndOfLife end) {

	ModelEntry {
		aliases = Set.copyOf(aliases);
		prices = List.copyOf(prices);
	}

	ModelEntry withAliases(Set<String> aliases) {
		return new ModelEntry(this.id, aliases, this.released, this.checked, this.status, this.facts, this.prices,
				this.end);
	}

	ModelEntry withChecked(@Nullable LocalDate checked) {
		return new ModelEntry(this.id, this.aliases, this.released, checked, this.status, this.facts, this.prices,
				this.end);
	}

	ModelEntry unlisted() {
		return new ModelEntry(this.id, this.aliases, this.released, this.checked, Status.UNLISTED, this.facts,
				this.prices, this.end);
	}

	ModelEntry redirected(List<Prices> prices, EndOfLife end) {
		return new ModelEntry(this.id, this.aliases, this.released, this.checked, Status.REDIRECTED, null, prices, end);
	}

	ModelEntry current(ModelCapabilities facts, List<Prices> prices) {
		return new ModelEntry(this.id, this.aliases, this.released, this.checked, Status.CURRENT, facts, prices, null);
	}

	/**
	 * The end of a model.
	 *
	 * @param at since when its calls have the prices of its replacement, if that is known
	 * @param on the day of its retirement, if that is known
	 * @param replacement the id of the model that came in its place, if there is one
	 * @param effort the reasoning effort with which that answers, if it sets one
	 */
	record EndOfLife(@Nullable Instant at, @Nullable LocalDate on, @Nullable String replacement,
			@Nullable String effort) {

	}

}
