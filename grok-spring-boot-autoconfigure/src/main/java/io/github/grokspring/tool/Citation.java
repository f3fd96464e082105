package io.github.grokspring.tool;

import java.net.URI;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * A source that an answer names. Answers list them in their metadata {@code citations}.
 * The list may have sources that were opened but not used.
 *
 * @param url where the source is
 * @param title what xAI calls it, often just its number
 * @param start where its mark begins in the text of the answer, counted in chars, -1 if
 * it has no mark
 * @param end where its mark ends, -1 if it has none
 * @param kind where the source is from
 * @since 0.1.0
 */
public record Citation(String url, @Nullable String title, int start, int end, Kind kind) {

	/**
	 * Key in the metadata of a {@code ChatResponse} under which a list of these is found.
	 */
	public static final String METADATA_KEY = "citations";

	/**
	 * A source of which only the address is known.
	 * @param url where the source is
	 * @return a citation without a mark
	 */
	public static Citation of(String url) {
		return new Citation(url, null, -1, -1, kindOf(url));
	}

	/**
	 * Whether the text of the answer has a mark for it.
	 * @return whether it has one
	 */
	public boolean isMarked() {
		return this.end > this.start;
	}

	/**
	 * Where a source is from, by its address.
	 * @param url the address
	 * @return {@link Kind#X} for posts and people on X
	 */
	public static Kind kindOf(String url) {
		String host = hostOf(url);
		return (host.equals("x.com") || host.endsWith(".x.com") || host.equals("twitter.com")
				|| host.endsWith(".twitter.com")) ? Kind.X : Kind.WEB;
	}

	private static String hostOf(String url) {
		try {
			String host = URI.create(url).getHost();
			return (host != null) ? host.toLowerCase(Locale.ROOT) : "";
		}
		catch (IllegalArgumentException ex) {
			// Not every address that is cited is well formed
			return "";
		}
	}

	/**
	 * Where a source is from.
	 */
	public enum Kind {

		/**
		 * A page of the web.
		 */
		WEB,

		/**
		 * A post or a person on X.
		 */
		X

	}

}
