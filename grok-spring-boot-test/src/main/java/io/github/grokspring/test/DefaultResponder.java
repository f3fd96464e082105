package io.github.grokspring.test;

/**
 * Provides answers to requests without a scripted reply.
 */
@FunctionalInterface
interface DefaultResponder {

	Answer respond(Script script, ModelCall call);

}
