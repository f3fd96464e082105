package io.github.grokspring.autoconfigure;

import java.util.List;

import io.github.grokspring.test.XaiServerExtension;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.core.ParameterizedTypeReference;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Entities from a double that nobody has told what to answer.
 */
class EntityOnTheWireTests {

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	@ParameterizedTest
	@ValueSource(strings = { "native", "spring-ai" })
	void unscriptedServerAnswersWithAnInstance(String transport) {
		xai.reset();
		ContextRunners.starter()
			.withPropertyValues("grok.base-url=" + xai.baseUrl(), "grok.api-key=" + xai.apiKey(),
					"grok.chat.transport=" + transport)
			.run((context) -> {
				ChatClient chatClient = context.getBean(ChatClient.class);
				Film film = chatClient.prompt().user("Name a film").call().entity(Film.class);
				assertThat(film).isNotNull().hasNoNullFieldsOrProperties();
				List<Film> films = chatClient.prompt()
					.user("Name two films")
					.call()
					.entity(new ParameterizedTypeReference<>() {
					});
				assertThat(films).isNotEmpty();
			});
	}

	/**
	 * A film.
	 *
	 * @param title its title
	 * @param year the year in which it was shown first
	 * @param actors who plays
	 * @param genre what kind it is of
	 */
	record Film(String title, int year, List<String> actors, Genre genre) {

	}

	/**
	 * Kinds of films.
	 */
	enum Genre {

		COMEDY, DRAMA

	}

}
