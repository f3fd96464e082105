package io.github.grokspring.sample;

import java.time.Duration;

import io.github.grokspring.test.XaiServer;

/**
 * Scripts the mock of xAI: prepared responses to the questions that the page suggests,
 * generated ones to all others, and a simulated fault.
 */
class MockResponses {

	private static final Duration PACE = Duration.ofMillis(35);

	private static final String SKY = """
			Sunlight is a mix of all colours. On its way through the air it meets molecules that are **much smaller \
			than its wavelength**, and those scatter short waves far better than long ones.

			1. Blue light is scattered about *five times* as strongly as red light.
			2. It reaches your eye from every part of the sky.
			3. At sunset the way through the air is longer: most blue is gone, and red is left.

			The strength goes with the fourth power of the frequency:

			| colour | wavelength | scattered |
			|---|---|---|
			| red | 680 nm | 1.0 |
			| green | 530 nm | 2.7 |
			| blue | 450 nm | 5.2 |

			This is called [Rayleigh scattering](https://en.wikipedia.org/wiki/Rayleigh_scattering).
			""";

	private static final String RECORD = """
			A record is a class whose state is its header:

			```java
			record Money(BigDecimal amount, Currency currency) {

				Money {
					if (amount.signum() < 0) {
						throw new IllegalArgumentException("amount must not be negative");
					}
				}

			}
			```

			You get for free:

			- accessors such as `amount()`,
			- `equals`, `hashCode` and `toString` over all components,
			- a canonical constructor, here a *compact* one that checks its argument.

			Records cannot extend a class, and their fields are final.
			""";

	private final XaiServer xai;

	private volatile Fault fault = Fault.NONE;

	MockResponses(XaiServer xai) {
		this.xai = xai;
	}

	Fault fault() {
		return this.fault;
	}

	/**
	 * Resets the script.
	 * @param fault the fault to simulate
	 */
	synchronized void script(Fault fault) {
		this.xai.reset();
		this.xai.answers(SKY)
			.reasoning("The question is about colour, so this is Rayleigh scattering, not refraction. Numbers help: "
					+ "(680/450)^4 is about 5.2. A short list, a small table, one link.")
			.thinkingFor(Duration.ofMillis(600))
			.pace(PACE)
			.whenAsked("sky")
			.byDefault();
		this.xai.answers(RECORD)
			.reasoning("A short example with a compact constructor shows most of it.")
			.thinkingFor(Duration.ofMillis(400))
			.pace(PACE)
			.whenAsked("\\brecords?\\b")
			.byDefault();
		fault.on(this.xai);
		this.fault = fault;
	}

}
