package io.github.grokspring.actuate;

import java.time.LocalDate;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

import io.github.grokspring.catalog.GrokModel;
import io.github.grokspring.catalog.ModelCatalog;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;

/**
 * {@link InfoContributor} that shows the version of this library, the default model and
 * the date of the model catalog. Thread-safe.
 *
 * @since 0.1.0
 */
public final class GrokInfoContributor implements InfoContributor {

	private final @Nullable String version;

	private final String model;

	private final ModelCatalog catalog;

	/**
	 * Creates a contributor.
	 * @param version the version of this library, {@code null} if not known
	 * @param model the model of the default client
	 * @param catalog the catalog
	 */
	public GrokInfoContributor(@Nullable String version, String model, ModelCatalog catalog) {
		this.version = version;
		this.model = model;
		this.catalog = catalog;
	}

	@Override
	public void contribute(Info.Builder builder) {
		Map<String, Object> details = new LinkedHashMap<>();
		if (this.version != null) {
			details.put("version", this.version);
		}
		details.put("model", this.model);
		LocalDate checked = this.catalog.models()
			.stream()
			.map(GrokModel::checked)
			.filter(Objects::nonNull)
			.max(Comparator.naturalOrder())
			.orElse(null);
		if (checked != null) {
			details.put("catalogDate", checked.toString());
		}
		builder.withDetail("grok", details);
	}

}
