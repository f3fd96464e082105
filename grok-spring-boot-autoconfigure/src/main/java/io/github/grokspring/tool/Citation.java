package io.github.grokspring.tool;

import java.net.URI;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * A source cited in a response. The response metadata lists citations under
 * {@link #METADATA_KEY}; the list may include sources that were opened but not used.
 *
 * @param url the address of the source
 * @param title the title that xAI gives the source, often only its number
 * @param start the index in the response text, in chars, where the citation mark starts,
 * or -1 if there is no mark
 * @param end the index after the citation mark, or -1 if there is no mark
 * @param kind the kind of source
 * @since 0.1.0
 */
public record Citation(String url, @Nullable String title, int start, int end, Kind kind) {

	/**
	 * Key of the list of citations in the metadata of a {@code ChatResponse}.
	 */
	public static final String METADATA_KEY = "citations";

	/**
	 * Creates a citation without a mark.
	 * @param url the address of the source
	 * @return the citation
	 */
	public static Citation of(String url) {
		return new Citation(url, null, -1, -1, kindOf(url));
	}

	/**
	 * Whether the response text contains a mark for this citation.
	 * @return whether there is a mark
	 */
	public boolean isMarked() {
		return this.end > this.start;
	}

	/**
	 * Returns the kind of a source.
	 * @param url the address of the source
	 * @return {@link Kind#X} for posts and profiles on X, otherwise {@link Kind#WEB}
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
			// Cited addresses are not always well-formed
			return "";
		}
	}

	/**
	 * Kinds of sources.
	 */
	public enum Kind {

		/**
		 * A web page.
		 */
		WEB,

		/**
		 * A post or profile on X.
		 */
		X

	}

}
