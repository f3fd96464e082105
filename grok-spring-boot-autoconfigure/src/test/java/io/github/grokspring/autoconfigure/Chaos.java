package io.github.grokspring.autoconfigure;

import java.time.Duration;
import java.util.Random;

import io.github.grokspring.test.Answer;
import io.github.grokspring.test.GatewayQuirk;
import io.github.grokspring.test.XaiServer;

/**
 * A server that fails now and then, in every way that xAI is known for. What comes when
 * follows from a seed.
 */
final class Chaos {

	private static final String QUESTION = "Count to four for ";

	/** Longer than the application is patient. */
	private static final Duration TOO_LONG = Duration.ofMinutes(1);

	private final XaiServer xai;

	private final Random random;

	/** Long enough for a client that took an informational response for the last one. */
	private static final Duration A_MOMENT = Duration.ofMillis(20);

	Chaos(XaiServer xai, long seed) {
		this.xai = xai;
		this.random = new Random(seed);
	}

	/**
	 * What a caller asks.
	 * @param caller who asks
	 */
	static String question(int caller) {
		return QUESTION + caller;
	}

	/**
	 * What is answered to a caller, and to no other.
	 * @param caller who asks
	 */
	static String answer(int caller) {
		return reply(question(caller));
	}

	private static String reply(String question) {
		return "One two three four for " + question.substring(QUESTION.length()) + ".";
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
		return xai.answers(Chaos::reply).usage(20, 4);
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
				xai.failsWith(429).rateLimited(1_000_001, 1_000_000).retryAfter(0);
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

		EARLY_HINTS {

			@Override
			void befall(XaiServer xai) {
				answer(xai).informational(103).silentFor(A_MOMENT);
			}

		},

		PROCESSING_FOR_LONG {

			@Override
			void befall(XaiServer xai) {
				answer(xai).informational(102, 103, 102, 102).silentFor(A_MOMENT).silentAfterHeaders(A_MOMENT);
			}

		},

		EARLY_HINTS_BEFORE_A_FAILURE {

			@Override
			void befall(XaiServer xai) {
				xai.failsWith(503).informational(103).silentFor(A_MOMENT);
			}

		},

		EARLY_HINTS_BEFORE_SILENCE {

			@Override
			void befall(XaiServer xai) {
				answer(xai).informational(103).silentFor(TOO_LONG);
			}

		},

		EARLY_HINTS_BEFORE_A_RESET {

			@Override
			void befall(XaiServer xai) {
				xai.resetsConnection().informational(103);
			}

		},

		KEPT_ALIVE_BY_A_GATEWAY {

			@Override
			void befall(XaiServer xai) {
				answer(xai).gateway(GatewayQuirk.BLANK_FIRST_CHUNK, GatewayQuirk.COMMENTS,
						GatewayQuirk.ZERO_USAGE_LAST);
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
