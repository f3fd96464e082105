package io.github.grokspring.catalog;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Name of a model without versions and dates, such as {@code grok-imagine-image} for
 * {@code grok-imagine-image-2.0}.
 *
 * @param text the remaining parts
 * @param pattern the name with an asterisk for the versions and dates
 */
record NameStem(String text, String pattern) {

	private static final String LATEST = "latest";

	static NameStem of(String name) {
		String text = Arrays.stream(name.split("-"))
			.filter((part) -> !isVersion(part, 0, part.length()))
			.collect(Collectors.joining("-"));
		String pattern = Arrays.stream(name.split("-"))
			.map((part) -> isVersion(part, 0, part.length()) ? "*" : part)
			.collect(Collectors.joining("-"));
		return new NameStem(text, pattern.replace("*-*", "*"));
	}

	/**
	 * Returns the models that a name is a version of.
	 */
	static List<GrokModel> family(String name, Collection<GrokModel> models) {
		String plain = name.substring(name.lastIndexOf('/') + 1);
		GrokModel continued = null;
		int longest = 0;
		for (GrokModel model : models) {
			for (String known : Stream.concat(Stream.of(model.id()), model.aliases().stream()).toList()) {
				if (known.length() > longest && plain.startsWith(known + "-")) {
					longest = known.length();
					continued = model;
				}
			}
		}
		if (continued != null) {
			return List.of(continued);
		}
		NameStem stem = of(plain);
		return models.stream().filter((model) -> of(model.id()).text().equals(stem.text())).toList();
	}

	/**
	 * Whether a name differs from this stem only in versions and dates. Does not
	 * allocate.
	 * @param name the name
	 */
	boolean matches(String name) {
		int matched = 0;
		for (int start = 0; start <= name.length();) {
			int hyphen = name.indexOf('-', start);
			int end = (hyphen >= 0) ? hyphen : name.length();
			if (!isVersion(name, start, end)) {
				if (matched > 0 && !this.text.startsWith("-", matched++)) {
					return false;
				}
				if (!this.text.regionMatches(matched, name, start, end - start)) {
					return false;
				}
				matched += end - start;
			}
			start = end + 1;
		}
		return matched == this.text.length();
	}

	private static boolean isVersion(String name, int start, int end) {
		return (start < end && name.charAt(start) >= '0' && name.charAt(start) <= '9')
				|| (end - start == LATEST.length() && name.startsWith(LATEST, start));
	}

}
