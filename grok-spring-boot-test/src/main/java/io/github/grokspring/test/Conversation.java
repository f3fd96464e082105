package io.github.grokspring.test;

import java.time.Duration;

/**
 * Answers that take up the question.
 */
final class Conversation implements Improvisation {

	static final Duration PACE = Duration.ofMillis(30);

	@Override
	public Answer answer(Script script, ChatCall call) {
		return new PlainImprovisation().answer(script, call);
	}

}
