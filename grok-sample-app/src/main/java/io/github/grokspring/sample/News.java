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
 * What happened, and who says so.
 *
 * @param text what happened; a number in brackets stands for a source
 * @param sources where it was found, in the order of their numbers
 */
record News(String text, List<Source> sources) {

	static News of(@Nullable ChatResponse response) {
		if (response == null) {
			throw new ResponseStatusException(HttpStatus.BAD_GATEWAY, "The model gave no answer");
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
	 * @param title what to call it
	 * @param url where it is
	 */
	record Source(String title, String url) {

		/**
		 * What xAI calls a source is its number as a rule, which says less than its host.
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
				// Not every address that is cited is well formed
				return url;
			}
		}

	}

}
