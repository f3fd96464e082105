package io.github.grokspring.test;

/**
 * Provides responses to requests without a scripted reply.
 */
@FunctionalInterface
interface DefaultResponder {

	Answer respond(Script script, ModelCall call);

}
