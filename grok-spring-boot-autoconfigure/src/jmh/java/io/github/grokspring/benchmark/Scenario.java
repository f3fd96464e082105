package io.github.grokspring.benchmark;

import java.time.Duration;

import io.github.grokspring.test.XaiServer;

/**
 * What the server answers to every request of a benchmark.
 */
public enum Scenario {

	/** One short answer. */
	CALL {
		@Override
		void script(XaiServer server) {
			server.answers("A spider has eight legs, and most spiders have eight eyes.").byDefault();
		}
	},

	/** As many chunks as fit through the socket, one after the other. */
	BACK_TO_BACK {
		@Override
		void script(XaiServer server) {
			server.answersInChunks(CHUNKS).byDefault();
		}
	},

	/** One chunk every five milliseconds, so that hardly two arrive together. */
	PACED {
		@Override
		void script(XaiServer server) {
			server.answersInChunks(CHUNKS).pace(Duration.ofMillis(5)).byDefault();
		}
	},

	/** Headers at once, then empty chunks while the model thinks, then text. */
	THINKING {
		@Override
		void script(XaiServer server) {
			server.answersInChunks(5).thinkingFor(THOUGHT).byDefault();
		}
	},

	/** Nothing at all while the model thinks, not even headers. */
	SILENT {
		@Override
		void script(XaiServer server) {
			server.answersInChunks(5).silentFor(THOUGHT).byDefault();
		}
	};

	/** How many chunks with text a long stream has. */
	static final int CHUNKS = 200;

	/** How long a model thinks. */
	static final Duration THOUGHT = Duration.ofMillis(500);

	abstract void script(XaiServer server);

}
