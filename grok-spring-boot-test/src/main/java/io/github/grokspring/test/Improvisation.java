package io.github.grokspring.test;

/**
 * Finds an answer where none was scripted.
 */
@FunctionalInterface
interface Improvisation {

	/**
	 * Answers a request.
	 * @param script the script answers belong to; nothing is added to it
	 * @param call the request
	 * @return the answer
	 */
	Answer answer(Script script, Call call);

}
