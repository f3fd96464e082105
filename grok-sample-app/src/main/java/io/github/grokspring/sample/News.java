package io.github.grokspring.sample;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;

import io.github.grokspring.tool.Citation;
import io.github.grokspring.tool.Citations;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/**
 * News with sources.
 *
 * @param text text with the numbers of sources in brackets
 * @param sources sources in the order of their numbers
 */
record News(String text, List<Source> sources) {

	static News of(@Nullable ChatResponse response) {
		if (response == null) {
			throw new ResponseStatusException(HttpStatus.BAD_GATEWAY, "The model returned no response");
		}
		Citations citations = Citations.of(response);
		List<Source> sources = new ArrayList<>();
		citations.list().stream().map(Source::of).distinct().forEach(sources::add);
		String text = citations.render((citation) -> " [" + (sources.indexOf(Source.of(citation)) + 1) + "]");
		return new News(text, sources);
	}

	/**
	 * A page or a post.
	 *
	 * @param title title of the source
	 * @param url URL of the source
	 */
	record Source(String title, String url) {

		/**
		 * Titles from xAI are usually numbers, which are less useful than the host.
		 */
		static Source of(Citation citation) {
			String title = citation.title();
			if (title == null || title.matches("\\d*")) {
				title = host(citation.url());
			}
			return new Source(title, citation.url());
		}

		private static String host(String url) {
			try {
				String host = URI.create(url).getHost();
				return (host != null) ? host : url;
			}
			catch (IllegalArgumentException ex) {
				// Cited URLs can be malformed
				return url;
			}
		}

	}

}
