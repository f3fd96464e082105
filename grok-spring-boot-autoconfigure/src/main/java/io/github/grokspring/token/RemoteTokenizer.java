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
 * Has texts counted elsewhere, and remembers the numbers but not the texts. Of a text
 * beyond 131,072 characters as many are counted, from all of its parts, for the whole.
 * <p>
 * While a text cannot be counted there, and on threads that must not block, another
 * estimator counts it. After a failure nobody is asked for half a minute, and one thread
 * alone tries then, so that not everybody waits for what is broken. That it is broken is
 * logged once until it succeeds again. Safe for use by several threads.
 *
 * @since 0.1.0
 */
public final class RemoteTokenizer extends TextTokenizer {

	private static final Log logger = LogFactory.getLog(RemoteTokenizer.class);

	private static final long PAUSE = Duration.ofSeconds(30).toNanos();

	private final ToIntFunction<String> remote;

	private final TokenCountEstimator otherwise;

	private final int from;

	private final Map<String, Integer> cache;

	private final LongSupplier nanos;

	private final AtomicBoolean broken = new AtomicBoolean();

	private final AtomicLong nextTry = new AtomicLong();

	/**
	 * Have texts counted.
	 * @param remote counts a text; may block, and fails with an exception
	 * @param otherwise counts texts that are not counted there
	 * @param from how many tokens a text must have by the other estimator to be counted
	 * there at all
	 * @param cache remembers numbers under digests of texts; bounded, and safe for use by
	 * several threads
	 */
	public RemoteTokenizer(ToIntFunction<String> remote, TokenCountEstimator otherwise, int from,
			Map<String, Integer> cache) {
		this(remote, otherwise, from, cache, System::nanoTime);
	}

	RemoteTokenizer(ToIntFunction<String> remote, TokenCountEstimator otherwise, int from, Map<String, Integer> cache,
			LongSupplier nanos) {
		this.nanos = nanos;
		this.remote = remote;
		this.otherwise = otherwise;
		this.from = from;
		this.cache = cache;
	}

	@Override
	int count(String text) {
		if (this.from <= 0) {
			Integer counted = counted(text);
			return (counted != null) ? counted : this.otherwise.estimate(text);
		}
		int estimated = this.otherwise.estimate(text);
		Integer counted = (estimated >= this.from) ? counted(text) : null;
		return (counted != null) ? counted : estimated;
	}

	private @Nullable Integer counted(String text) {
		TextSample sample = TextSample.of(text);
		String digest = digest(sample.text());
		Integer known = this.cache.get(digest);
		if (known == null && !Schedulers.isInNonBlockingThread() && mayTry()) {
			known = asked(sample.text());
			if (known != null) {
				this.cache.put(digest, known);
			}
		}
		return (known != null) ? Integer.valueOf(sample.scaled(known)) : null;
	}

	private boolean mayTry() {
		if (!this.broken.get()) {
			return true;
		}
		long next = this.nextTry.get();
		long now = this.nanos.getAsLong();
		return now - next >= 0 && this.nextTry.compareAndSet(next, now + PAUSE);
	}

	private @Nullable Integer asked(String text) {
		try {
			Integer counted = this.remote.applyAsInt(text);
			this.broken.set(false);
			return counted;
		}
		catch (Exception ex) {
			// Whoever is interrupted says nothing about xAI
			if (!Thread.currentThread().isInterrupted()) {
				this.nextTry.set(this.nanos.getAsLong() + PAUSE);
				if (this.broken.compareAndSet(false, true)) {
					logger.warn(
							"Tokens cannot be counted by xAI, and are counted here until they can: " + ex.getMessage());
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
