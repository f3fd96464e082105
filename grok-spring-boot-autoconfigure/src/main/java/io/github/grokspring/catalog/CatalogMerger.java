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
 * Brings what is written down together with what xAI lists. What xAI says wins, and what
 * it does not say stays. A name that a listed model no longer has ends; a text model that
 * is no longer listed keeps what is known of it, but is marked. New prices hold from now
 * on, the old ones stay behind them.
 */
final class CatalogMerger {

	/** More prices of one model are no history, they are a fault of the list. */
	private static final int MOST_PRICES = 50;

	private final Map<String, ModelEntry> entries = new LinkedHashMap<>();

	private final CatalogSnapshot catalog;

	private final Map<String, RemoteModel> listed;

	private final boolean tellsEfforts;

	private final Instant now;

	private final LocalDate today;

	private CatalogMerger(List<ModelEntry> entries, List<RemoteModel> listed, Instant now) {
		entries.forEach((entry) -> this.entries.put(entry.id(), entry));
		this.catalog = CatalogSnapshot.of(entries, Map.of(), 0);
		this.listed = listed.stream()
			.collect(Collectors.toMap(RemoteModel::id, (model) -> model, (first, second) -> first, LinkedHashMap::new));
		this.tellsEfforts = listed.stream().anyMatch((model) -> model.efforts() != null);
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
			ModelCapabilities facts = facts(model, entry);
			if (entry == null) {
				entry = added(model);
				added.add(entry);
				remove(model.id());
			}
			this.entries.put(model.id(), merge(model, entry, facts));
		}
		this.listed.values().forEach(this::claimAliases);
		this.listed.values().forEach(this::endAliases);
		this.entries.replaceAll((id, entry) -> isUnlisted(entry) ? entry.unlisted() : entry);
		return inOrder(added);
	}

	/** A name that was an alias has been what its model was. */
	private ModelEntry added(RemoteModel model) {
		LocalDate released = (model.created() != null) ? LocalDate.ofInstant(model.created(), ZoneOffset.UTC) : null;
		return new ModelEntry(model.id(), Set.of(), released, this.today, Status.CURRENT, null,
				this.catalog.get(model.id()).prices(), null);
	}

	/** Where others have efforts, a new model without any refuses the parameter. */
	private ModelCapabilities facts(RemoteModel model, @Nullable ModelEntry entry) {
		ModelCapabilities facts = (entry != null && entry.facts() != null) ? entry.facts()
				: ModelCapabilities.of(this.catalog.get(model.id()));
		return (entry == null && model.efforts() == null && this.tellsEfforts) ? facts.withEfforts(List.of()) : facts;
	}

	/** What is listed under its own id answers itself, whatever was known of it. */
	private ModelEntry merge(RemoteModel model, ModelEntry entry, ModelCapabilities given) {
		GrokModel known = this.catalog.get(model.id());
		ModelCapabilities facts = given;
		if (facts.endpoints().isEmpty()) {
			facts = facts.withEndpoints(Set.of(Endpoint.CHAT_COMPLETIONS, Endpoint.RESPONSES));
		}
		List<Prices> prices = (entry.end() != null) ? known.prices() : entry.prices();
		return entry.current(model.over(facts), priced(model, prices)).withChecked(this.today);
	}

	private List<Prices> priced(RemoteModel model, List<Prices> known) {
		Prices before = pricesNow(known);
		Prices after = model.over(before, this.now);
		if (after == null || (before != null && before.sameAmounts(after))) {
			return known;
		}
		List<Prices> prices = new ArrayList<>(known);
		prices.removeIf((candidate) -> this.now.equals(candidate.from()));
		prices.add(after);
		prices.sort(Comparator.comparing(CatalogMerger::since).reversed());
		return prices.subList(0, Math.min(prices.size(), MOST_PRICES));
	}

	private @Nullable Prices pricesNow(List<Prices> prices) {
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

	/** The list has text models only. */
	private boolean isUnlisted(ModelEntry entry) {
		ModelCapabilities facts = entry.facts();
		return entry.status() == Status.CURRENT && !this.listed.containsKey(entry.id()) && facts != null
				&& (facts.endpoints().contains(Endpoint.CHAT_COMPLETIONS)
						|| facts.endpoints().contains(Endpoint.RESPONSES));
	}

	/** A model whose id is another name of a different one now is answered by that. */
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
		this.entries.put(entry.id(), entry.redirected(known.prices(), new EndOfLife(this.now, on, to, effort)));
	}

	private static boolean isRedirected(ModelEntry entry, String to) {
		return entry.status() == Status.REDIRECTED && entry.end() != null && to.equals(entry.end().replacement());
	}

	/** The aliases of a model that is answered by another remember what they were. */
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
			Set<String> others = new HashSet<>(entry.aliases());
			others.remove(alias);
			return entry.withAliases(others);
		});
	}

	/** New models go before the first that is known to be older. */
	private List<ModelEntry> inOrder(List<ModelEntry> added) {
		List<String> ids = new ArrayList<>(this.entries.keySet());
		for (ModelEntry entry : added) {
			LocalDate released = entry.released();
			ids.remove(entry.id());
			int place = 0;
			while (place < ids.size() && !isOlder(this.entries.get(ids.get(place)), released)) {
				place++;
			}
			ids.add(place, entry.id());
		}
		return ids.stream().flatMap((id) -> Stream.ofNullable(this.entries.get(id))).toList();
	}

	private static boolean isOlder(@Nullable ModelEntry entry, @Nullable LocalDate released) {
		return released != null && entry != null && entry.released() != null && entry.released().isBefore(released);
	}

}
