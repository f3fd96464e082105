package io.github.grokspring.cost;

import java.time.Instant;
import java.util.Locale;

import io.github.grokspring.catalog.GrokModel;
import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.catalog.Prices;
import io.github.grokspring.chain.LogSanitizer;
import io.github.grokspring.chain.Ticks;
import io.github.grokspring.chain.UsdFormat;
import io.github.grokspring.chain.WarnOnce;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Logs large prompts and prompts billed at the long-context price, each once per client.
 * Thread-safe.
 */
final class LargePromptReporter {

	private static final Log logger = LogFactory.getLog(LargePromptReporter.class);

	private final ModelCatalog catalog;

	private final long threshold;

	private final WarnOnce reported = new WarnOnce();

	/**
	 * Creates a new reporter.
	 * @param catalog provides the prices
	 * @param threshold the number of tokens from which a prompt is large, 0 to disable
	 */
	LargePromptReporter(ModelCatalog catalog, long threshold) {
		this.catalog = catalog;
		this.threshold = threshold;
	}

	void report(String client, String model, long tokens, Instant at) {
		GrokModel known = this.catalog.find(model);
		Prices prices = (known != null) ? known.pricesAt(at) : null;
		Prices.TokenPrices normal = (prices != null) ? prices.tokens() : null;
		Prices.TokenPrices applied = (prices != null) ? prices.forPrompt(tokens) : null;
		if (prices != null && normal != null && applied != null && !applied.equals(normal)) {
			if (this.reported.isFirst("long-context", client)) {
				logger.warn(prompt(client, tokens) + ". From " + number(prices.longContextThreshold())
						+ " tokens on, model '" + LogSanitizer.sanitize(model)
						+ "' bills all tokens of a request at the long-context price: " + perMillion(applied.input())
						+ " instead of " + perMillion(normal.input()) + " per million tokens of input and "
						+ perMillion(applied.output()) + " instead of " + perMillion(normal.output())
						+ " of output. Shorten the prompts, for example with a memory that has a token limit."
						+ " This is logged once for each client.");
			}
		}
		else if (this.threshold > 0 && tokens >= this.threshold && this.reported.isFirst("large", client)) {
			logger.info(prompt(client, tokens) + ", which slows model '" + LogSanitizer.sanitize(model) + "' down"
					+ ((normal != null) ? " and costs up to " + usd(Ticks.times(tokens, normal.input()))
							+ " in each request (" + perMillion(normal.input()) + " per million tokens)" : "")
					+ ". Shorten the prompts, or set 'grok.cost.large-prompt' to the size that you expect."
					+ " This is logged once for each client.");
		}
	}

	private static String prompt(String client, long tokens) {
		return "A prompt of client '" + client + "' has " + number(tokens) + " tokens";
	}

	private static String number(long number) {
		return String.format(Locale.ROOT, "%,d", number);
	}

	private static String perMillion(long ticks) {
		return "$" + UsdFormat.formatPerMillion(ticks);
	}

	private static String usd(long ticks) {
		return "$" + UsdFormat.format(ticks);
	}

}
