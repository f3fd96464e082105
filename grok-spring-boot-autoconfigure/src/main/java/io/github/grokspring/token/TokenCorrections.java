package io.github.grokspring.token;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

import org.springframework.util.Assert;

/**
 * Learns from what xAI counted how far estimates are off, for each model: how many tokens
 * of its own xAI puts before a prompt, which are others where there are tools, from short
 * prompts, and by which factor text is misjudged, from long ones. A single count moves
 * either by little, and never beyond what is plausible, so that neither an odd answer nor
 * a hostile prompt spoils it. Until there is something to learn from, an estimate is left
 * as it is.
 * <p>
 * Look-ups do not lock. At most 256 models are remembered. Safe for use by several
 * threads.
 *
 * @since 0.1.0
 */
public final class TokenCorrections {

	/** From here on a prompt tells more about text than about what is put before it. */
	private static final long LONG_PROMPT = 512;

	private static final int SUBJECTS = 512;

	private final Map<Subject, Learned> models = new ConcurrentHashMap<>();

	private final UnaryOperator<String> names;

	/**
	 * Begin with nothing learned.
	 * @param names gives the id of the model that answers for a name
	 */
	public TokenCorrections(UnaryOperator<String> names) {
		this.names = names;
	}

	/**
	 * Take note of a count.
	 * @param model the model that counted, by any of its names
	 * @param tools whether the model was given tools
	 * @param estimated what was estimated, without a correction
	 * @param counted what xAI counted
	 */
	public void learn(String model, boolean tools, long estimated, long counted) {
		Assert.isTrue(estimated > 0 && counted > 0, "Numbers of tokens must be positive");
		Subject id = new Subject(this.names.apply(model), tools);
		if (this.models.size() < SUBJECTS || this.models.containsKey(id)) {
			this.models.merge(id, Learned.NOTHING.with(estimated, counted),
					(known, first) -> known.with(estimated, counted));
		}
	}

	/**
	 * Correct an estimate of a whole prompt.
	 * @param model the model that will count, by any of its names
	 * @param tools whether the model is given tools
	 * @param estimated the estimate
	 * @return tokens, at least 1
	 */
	public long correct(String model, boolean tools, long estimated) {
		Learned learned = learned(model, tools);
		return Math.max(1, Math.round(learned.factor * estimated + learned.overhead));
	}

	/**
	 * Correct an estimate of a text that is but a part of a prompt.
	 * @param model the model that would count, by any of its names
	 * @param estimated the estimate
	 * @return tokens
	 */
	public long correctText(String model, long estimated) {
		Learned learned = learned(model, false);
		double factor = (learned.factors > 0) ? learned.factor : learned(model, true).factor;
		return Math.round(factor * estimated);
	}

	private Learned learned(String model, boolean tools) {
		return this.models.isEmpty() ? Learned.NOTHING
				: this.models.getOrDefault(new Subject(this.names.apply(model), tools), Learned.NOTHING);
	}

	/**
	 * What is learned about.
	 *
	 * @param model the id of a model
	 * @param tools whether it was given tools
	 */
	private record Subject(String model, boolean tools) {

	}

	/**
	 * What was learned of one model.
	 *
	 * @param overhead tokens that xAI adds to any prompt
	 * @param overheads how often that was seen, up to when it no longer matters
	 * @param factor by which text has more tokens than estimated
	 * @param factors how often that was seen, up to when it no longer matters
	 */
	private record Learned(double overhead, int overheads, double factor, int factors) {

		static final Learned NOTHING = new Learned(0, 0, 1, 0);

		private static final double MOST_OVERHEAD = 1_000;

		private static final double LEAST_FACTOR = 0.5;

		private static final double MOST_FACTOR = 2;

		/** How many of the last counts have most of the weight. */
		private static final int MEMORY = 16;

		/** How far one count may move what is known. */
		private static final double STEP = 0.1;

		Learned with(long estimated, long counted) {
			if (estimated < LONG_PROMPT) {
				double seen = clamp(counted - this.factor * estimated, 0, MOST_OVERHEAD);
				double step = (this.overheads == 0) ? MOST_OVERHEAD : STEP * MOST_OVERHEAD;
				return new Learned(moved(this.overhead, seen, this.overheads, step),
						Math.min(this.overheads + 1, MEMORY), this.factor, this.factors);
			}
			double seen = clamp((counted - this.overhead) / estimated, LEAST_FACTOR, MOST_FACTOR);
			return new Learned(this.overhead, this.overheads, moved(this.factor, seen, this.factors, STEP),
					Math.min(this.factors + 1, MEMORY));
		}

		private static double moved(double known, double seen, int times, double step) {
			return known + clamp((seen - known) / (times + 1), -step, step);
		}

		private static double clamp(double value, double least, double most) {
			return Math.min(most, Math.max(least, value));
		}

	}

}
