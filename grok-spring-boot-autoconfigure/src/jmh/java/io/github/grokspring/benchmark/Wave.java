package io.github.grokspring.benchmark;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;

/**
 * Streams that run at the same time. Remembers how much text came, so that no stream can
 * be quick by leaving something out.
 */
final class Wave {

	private static final long PATIENCE_SECONDS = 60;

	private final CountDownLatch firstTexts;

	private final CountDownLatch ends;

	private final AtomicLong characters = new AtomicLong();

	private volatile @Nullable Throwable failure;

	Wave(int streams) {
		this.firstTexts = new CountDownLatch(streams);
		this.ends = new CountDownLatch(streams);
	}

	static Wave of(int streams, Transport transport) {
		Wave wave = new Wave(streams);
		for (int i = 0; i < streams; i++) {
			transport.stream(wave.new Listener());
		}
		return wave;
	}

	void awaitFirstTexts() {
		await(this.firstTexts);
	}

	long awaitEnds() {
		await(this.ends);
		return this.characters.get();
	}

	private void await(CountDownLatch latch) {
		try {
			if (!latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
				throw new IllegalStateException(latch.getCount() + " streams did not get that far");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
		if (this.failure != null) {
			throw new IllegalStateException("A stream failed", this.failure);
		}
	}

	/**
	 * Listens to one stream; called by one thread at a time.
	 */
	final class Listener {

		private long characters;

		private boolean begun;

		void text(String text) {
			if (!this.begun && !text.isEmpty()) {
				this.begun = true;
				Wave.this.firstTexts.countDown();
			}
			this.characters += text.length();
		}

		void end() {
			Wave.this.characters.addAndGet(this.characters);
			if (!this.begun) {
				fail(new IllegalStateException("A stream ended without text"));
				return;
			}
			Wave.this.ends.countDown();
		}

		void fail(Throwable failure) {
			Wave.this.failure = failure;
			if (!this.begun) {
				Wave.this.firstTexts.countDown();
			}
			Wave.this.ends.countDown();
		}

	}

}
