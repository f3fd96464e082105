package io.github.grokspring.autoconfigure;

import java.time.Duration;
import java.util.Random;

import io.github.grokspring.test.Answer;
import io.github.grokspring.test.XaiServer;

/**
 * A server that fails now and then, in every way that xAI is known for. What comes when
 * follows from a seed.
 */
final class BadHour {

	/** What every answer says, piece by piece. */
	static final String[] PIECES = { "One ", "two ", "three ", "four." };

	static final String ANSWER = String.join("", PIECES);

	/** Longer than the application is patient. */
	private static final Duration TOO_LONG = Duration.ofMinutes(1);

	private final XaiServer xai;

	private final Random random;

	BadHour(XaiServer xai, long seed) {
		this.xai = xai;
		this.random = new Random(seed);
	}

	/**
	 * Script replies, and good answers for all that come after them.
	 * @param replies how many
	 * @param percent how many of a hundred are bad
	 */
	void script(int replies, int percent) {
		int good = 0;
		for (int i = 0; i < replies; i++) {
			if (this.random.nextInt(100) >= percent) {
				good++;
			}
			else {
				if (good > 0) {
					answer().times(good);
				}
				good = 0;
				Mishap.values()[this.random.nextInt(Mishap.values().length)].befall(this.xai);
			}
		}
		answer().byDefault();
	}

	private Answer answer() {
		return answer(this.xai);
	}

	private static Answer answer(XaiServer xai) {
		return xai.answers(ANSWER).inChunks(PIECES).usage(20, 4);
	}

	/**
	 * What can go wrong with one request.
	 */
	enum Mishap {

		RATE_LIMITED {

			@Override
			void befall(XaiServer xai) {
				xai.failsWith(429);
			}

		},

		RATE_LIMITED_FOR_A_WHILE {

			@Override
			void befall(XaiServer xai) {
				xai.failsWith(429).rateLimited(3, 2).retryAfter(2);
			}

		},

		SERVER_ERROR {

			@Override
			void befall(XaiServer xai) {
				xai.failsWith(500);
			}

		},

		UNAVAILABLE {

			@Override
			void befall(XaiServer xai) {
				xai.failsWith(503);
			}

		},

		OVERLOADED {

			@Override
			void befall(XaiServer xai) {
				xai.failsWith(529);
			}

		},

		PAGE_OF_CLOUDFLARE {

			@Override
			void befall(XaiServer xai) {
				xai.failsWith(522).retryAfter(60);
			}

		},

		RESET {

			@Override
			void befall(XaiServer xai) {
				xai.resetsConnection();
			}

		},

		ERROR_UNDER_200 {

			@Override
			void befall(XaiServer xai) {
				xai.answersWithError("The service is currently unavailable", "Timed out waiting for first token");
			}

		},

		ERROR_BEFORE_CONTENT {

			@Override
			void befall(XaiServer xai) {
				answer(xai).failsAfter(0, "unavailable", "Gone");
			}

		},

		ERROR_AFTER_CONTENT {

			@Override
			void befall(XaiServer xai) {
				answer(xai).failsAfter(2, "internal", "Gone");
			}

		},

		BROKEN_BEFORE_CONTENT {

			@Override
			void befall(XaiServer xai) {
				answer(xai).closesAfter(0);
			}

		},

		BROKEN_AFTER_CONTENT {

			@Override
			void befall(XaiServer xai) {
				answer(xai).breaksAfter(2);
			}

		},

		WITHOUT_AN_END {

			@Override
			void befall(XaiServer xai) {
				answer(xai).endsAfter(3);
			}

		},

		SLOW {

			@Override
			void befall(XaiServer xai) {
				answer(xai).silentFor(Duration.ofMillis(100)).pace(Duration.ofMillis(10));
			}

		},

		SILENT {

			@Override
			void befall(XaiServer xai) {
				answer(xai).silentFor(TOO_LONG);
			}

		},

		SILENT_IN_THE_MIDDLE {

			@Override
			void befall(XaiServer xai) {
				answer(xai).stallsAfter(2, TOO_LONG).pace(Duration.ofMillis(1));
			}

		},

		NO_JSON {

			@Override
			void befall(XaiServer xai) {
				xai.answersRaw(200, "application/json", "{\"id\":\"1\",\"choices\":[{");
			}

		},

		NO_JSON_IN_A_STREAM {

			@Override
			void befall(XaiServer xai) {
				xai.streamsRaw("data: {\"id\":\"1\",\"choices\":[{\n\ndata: [DONE]\n\n");
			}

		},

		REFUSED_PARAMETER {

			@Override
			void befall(XaiServer xai) {
				xai.failsWith(400).saying("invalid-argument", "Model grok-4.3 does not support parameter seed.");
			}

		},

		REFUSED_CONTENT {

			@Override
			void befall(XaiServer xai) {
				xai.refusesForSafety();
			}

		};

		abstract void befall(XaiServer xai);

	}

}
