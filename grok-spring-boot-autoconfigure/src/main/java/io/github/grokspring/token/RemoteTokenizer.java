package io.github.grokspring.token;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.ToIntFunction;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Schedulers;

import org.springframework.ai.tokenizer.TokenCountEstimator;

/**
 * Counts tokens remotely and caches the counts, but not the texts. Text of more than
 * 131,072 characters is sampled.
 * <p>
 * If the remote call fails, or on threads that must not block, a fallback is used. After
 * a failure there is no call for 30 seconds; then a single thread tries again. A failure
 * is logged once until the next success. Thread-safe.
 *
 * @since 0.1.0
 */
public final class RemoteTokenizer extends TextTokenizer {

	private static final Log logger = LogFactory.getLog(RemoteTokenizer.class);

	private static final long RETRY_DELAY = Duration.ofSeconds(30).toNanos();

	private final ToIntFunction<String> remote;

	private final TokenCountEstimator fallback;

	private final int threshold;

	private final Map<String, Integer> cache;

	private final LongSupplier nanoTime;

	private final AtomicBoolean failing = new AtomicBoolean();

	private final AtomicLong nextAttempt = new AtomicLong();

	/**
	 * Creates a tokenizer.
	 * @param remote counts a text; may block and throw
	 * @param fallback the tokenizer for texts that are not counted remotely
	 * @param threshold number of tokens, according to the fallback, from which a text is
	 * counted remotely
	 * @param cache a bounded, thread-safe cache of counts by digest of the text
	 */
	public RemoteTokenizer(ToIntFunction<String> remote, TokenCountEstimator fallback, int threshold,
			Map<String, Integer> cache) {
		this(remote, fallback, threshold, cache, System::nanoTime);
	}

	RemoteTokenizer(ToIntFunction<String> remote, TokenCountEstimator fallback, int threshold,
			Map<String, Integer> cache, LongSupplier nanoTime) {
		this.nanoTime = nanoTime;
		this.remote = remote;
		this.fallback = fallback;
		this.threshold = threshold;
		this.cache = cache;
	}

	@Override
	int count(String text) {
		if (this.threshold <= 0) {
			Integer counted = countCached(text);
			return (counted != null) ? counted : this.fallback.estimate(text);
		}
		int estimated = this.fallback.estimate(text);
		Integer counted = (estimated >= this.threshold) ? countCached(text) : null;
		return (counted != null) ? counted : estimated;
	}

	private @Nullable Integer countCached(String text) {
		TextSample sample = TextSample.of(text);
		String digest = digest(sample.text());
		Integer count = this.cache.get(digest);
		if (count == null && !Schedulers.isInNonBlockingThread() && mayAttempt()) {
			count = countRemotely(sample.text());
			if (count != null) {
				this.cache.put(digest, count);
			}
		}
		return (count != null) ? Integer.valueOf(sample.extrapolate(count)) : null;
	}

	private boolean mayAttempt() {
		if (!this.failing.get()) {
			return true;
		}
		long next = this.nextAttempt.get();
		long now = this.nanoTime.getAsLong();
		return now - next >= 0 && this.nextAttempt.compareAndSet(next, now + RETRY_DELAY);
	}

	private @Nullable Integer countRemotely(String text) {
		try {
			Integer counted = this.remote.applyAsInt(text);
			this.failing.set(false);
			return counted;
		}
		catch (Exception ex) {
			// An interrupt is no failure of the remote side
			if (!Thread.currentThread().isInterrupted()) {
				this.nextAttempt.set(this.nanoTime.getAsLong() + RETRY_DELAY);
				if (this.failing.compareAndSet(false, true)) {
					logger.warn("Tokens cannot be counted by xAI and are counted locally until they can: "
							+ ex.getMessage());
				}
			}
			return null;
		}
	}

	private static String digest(String text) {
		try {
			MessageDigest digest = MessageDigest.getInstance("SHA-256");
			return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

}
