package io.github.grokspring.catalog;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.grokspring.catalog.GrokModel.Endpoint;
import io.github.grokspring.catalog.GrokModel.Status;
import io.github.grokspring.catalog.ModelEntry.EndOfLife;
import org.jspecify.annotations.Nullable;

/**
 * Merges catalog entries with the models that xAI lists. Listed values take precedence;
 * unlisted values stay. Aliases that a listed model no longer has are removed. A text
 * model that is no longer listed keeps its data but is marked. New prices apply from now
 * on and are added to the history.
 */
final class CatalogMerger {

	/** Upper bound for the price history of a model, in case the list is faulty. */
	private static final int MAX_PRICES = 50;

	private final Map<String, ModelEntry> entries = new LinkedHashMap<>();

	private final CatalogSnapshot catalog;

	private final Map<String, RemoteModel> listed;

	private final boolean listsEfforts;

	private final Instant now;

	private final LocalDate today;

	private CatalogMerger(List<ModelEntry> entries, List<RemoteModel> listed, Instant now) {
		entries.forEach((entry) -> this.entries.put(entry.id(), entry));
		this.catalog = CatalogSnapshot.of(entries, Map.of(), 0);
		this.listed = listed.stream()
			.collect(Collectors.toMap(RemoteModel::id, (model) -> model, (first, second) -> first, LinkedHashMap::new));
		this.listsEfforts = listed.stream().anyMatch((model) -> model.efforts() != null);
		this.now = now;
		this.today = LocalDate.ofInstant(now, ZoneOffset.UTC);
	}

	static List<ModelEntry> merge(List<ModelEntry> entries, List<RemoteModel> listed, Instant now) {
		return new CatalogMerger(entries, listed, now).merge();
	}

	private List<ModelEntry> merge() {
		List<ModelEntry> added = new ArrayList<>();
		for (RemoteModel model : this.listed.values()) {
			ModelEntry entry = this.entries.get(model.id());
			ModelCapabilities capabilities = capabilities(model, entry);
			if (entry == null) {
				entry = createEntry(model);
				added.add(entry);
				remove(model.id());
			}
			this.entries.put(model.id(), merge(model, entry, capabilities));
		}
		this.listed.values().forEach(this::claimAliases);
		this.listed.values().forEach(this::endAliases);
		this.entries.replaceAll((id, entry) -> isUnlisted(entry) ? entry.asUnlisted() : entry);
		return sorted(added);
	}

	// A name that was an alias has had the prices of its model.
	private ModelEntry createEntry(RemoteModel model) {
		LocalDate released = (model.created() != null) ? LocalDate.ofInstant(model.created(), ZoneOffset.UTC) : null;
		return new ModelEntry(model.id(), Set.of(), released, this.today, Status.CURRENT, null,
				this.catalog.get(model.id()).prices(), null);
	}

	// If other models list efforts, a new one without any refuses the parameter.
	private ModelCapabilities capabilities(RemoteModel model, @Nullable ModelEntry entry) {
		ModelCapabilities capabilities = (entry != null && entry.capabilities() != null) ? entry.capabilities()
				: ModelCapabilities.of(this.catalog.get(model.id()));
		return (entry == null && model.efforts() == null && this.listsEfforts) ? capabilities.withEfforts(List.of())
				: capabilities;
	}

	// A listed id is served by that model, even if it used to be redirected.
	private ModelEntry merge(RemoteModel model, ModelEntry entry, ModelCapabilities given) {
		GrokModel known = this.catalog.get(model.id());
		ModelCapabilities capabilities = given;
		if (capabilities.endpoints().isEmpty()) {
			capabilities = capabilities.withEndpoints(Set.of(Endpoint.CHAT_COMPLETIONS, Endpoint.RESPONSES));
		}
		List<Prices> prices = (entry.end() != null) ? known.prices() : entry.prices();
		return entry.asCurrent(model.applyTo(capabilities), withListedPrices(model, prices)).withChecked(this.today);
	}

	private List<Prices> withListedPrices(RemoteModel model, List<Prices> known) {
		Prices before = currentPrices(known);
		Prices after = model.applyTo(before, this.now);
		if (after == null || (before != null && before.hasSameAmounts(after))) {
			return known;
		}
		List<Prices> prices = new ArrayList<>(known);
		prices.removeIf((candidate) -> this.now.equals(candidate.from()));
		prices.add(after);
		prices.sort(Comparator.comparing(CatalogMerger::since).reversed());
		return prices.subList(0, Math.min(prices.size(), MAX_PRICES));
	}

	private @Nullable Prices currentPrices(List<Prices> prices) {
		return prices.stream().filter((candidate) -> !since(candidate).isAfter(this.now)).findFirst().orElse(null);
	}

	private static Instant since(Prices prices) {
		return (prices.from() != null) ? prices.from() : Instant.MIN;
	}

	private void claimAliases(RemoteModel model) {
		if (model.aliases() == null) {
			return;
		}
		for (String alias : model.aliases()) {
			ModelEntry namesake = this.entries.get(alias);
			if (namesake != null) {
				redirect(namesake, model.id());
			}
			else {
				move(alias, model.id());
			}
		}
	}

	private void endAliases(RemoteModel model) {
		ModelEntry entry = this.entries.get(model.id());
		if (model.aliases() == null || entry == null) {
			return;
		}
		Set<String> aliases = new HashSet<>(entry.aliases());
		if (aliases.retainAll(model.aliases())) {
			this.entries.put(model.id(), entry.withAliases(aliases));
		}
	}

	// The list contains only text models.
	private boolean isUnlisted(ModelEntry entry) {
		ModelCapabilities capabilities = entry.capabilities();
		return entry.status() == Status.CURRENT && !this.listed.containsKey(entry.id()) && capabilities != null
				&& (capabilities.endpoints().contains(Endpoint.CHAT_COMPLETIONS)
						|| capabilities.endpoints().contains(Endpoint.RESPONSES));
	}

	// Marks a model as redirected whose id is now an alias of another one.
	private void redirect(ModelEntry entry, String to) {
		GrokModel known = this.catalog.find(entry.id());
		if (known == null || isRedirected(entry, to) || this.listed.containsKey(entry.id())) {
			return;
		}
		LocalDate on = this.today;
		String effort = null;
		EndOfLife end = entry.end();
		if (end != null) {
			boolean unknown = end.on() == null && entry.status() != Status.REDIRECTED;
			on = unknown ? on : end.on();
			effort = to.equals(end.replacement()) ? end.effort() : null;
		}
		this.entries.put(entry.id(), entry.asRedirected(known.prices(), new EndOfLife(this.now, on, to, effort)));
	}

	private static boolean isRedirected(ModelEntry entry, String to) {
		return entry.status() == Status.REDIRECTED && entry.end() != null && to.equals(entry.end().replacement());
	}

	// Aliases of a redirected model stay with it, as they share its history.
	private void move(String alias, String to) {
		boolean remembered = this.entries.values()
			.stream()
			.anyMatch((entry) -> entry.aliases().contains(alias) && isRedirected(entry, to));
		ModelEntry after = this.entries.get(to);
		if (remembered || after == null || after.aliases().contains(alias)) {
			return;
		}
		remove(alias);
		Set<String> aliases = new HashSet<>(after.aliases());
		aliases.add(alias);
		this.entries.put(to, after.withAliases(aliases));
	}

	private void remove(String alias) {
		this.entries.replaceAll((id, entry) -> {
			if (!entry.aliases().contains(alias)) {
				return entry;
			}
			Set<String> remaining = new HashSet<>(entry.aliases());
			remaining.remove(alias);
			return entry.withAliases(remaining);
		});
	}

	// Inserts new models before the first model that is known to be older.
	private List<ModelEntry> sorted(List<ModelEntry> added) {
		List<String> ids = new ArrayList<>(this.entries.keySet());
		for (ModelEntry entry : added) {
			LocalDate released = entry.released();
			ids.remove(entry.id());
			int position = 0;
			while (position < ids.size() && !isOlder(this.entries.get(ids.get(position)), released)) {
				position++;
			}
			ids.add(position, entry.id());
		}
		return ids.stream().flatMap((id) -> Stream.ofNullable(this.entries.get(id))).toList();
	}

	private static boolean isOlder(@Nullable ModelEntry entry, @Nullable LocalDate released) {
		return released != null && entry != null && entry.released() != null && entry.released().isBefore(released);
	}

}
