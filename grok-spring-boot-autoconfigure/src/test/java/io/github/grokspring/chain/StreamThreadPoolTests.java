package io.github.grokspring.chain;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link StreamThreadPool}.
 */
class StreamThreadPoolTests {

	private static final Duration LIMIT = Duration.ofSeconds(20);

	private static final String NAME = "stream-thread-pool-test";

	private static final int SIZE = 4;

	private static final int TASKS = 60;

	private final StreamThreadPool pool = new StreamThreadPool(NAME, SIZE);

	@BeforeEach
	void acquire() {
		this.pool.acquire();
	}

	@AfterEach
	void close() {
		this.pool.shutdownNow();
	}

	@Test
	void tasksWaitingForLaterTasksComplete() throws Exception {
		List<CountDownLatch> ends = IntStream.rangeClosed(0, TASKS).mapToObj((i) -> new CountDownLatch(1)).toList();
		for (int i = 0; i < TASKS; i++) {
			CountDownLatch own = ends.get(i);
			CountDownLatch other = ends.get(i + 1);
			this.pool.execute(() -> {
				waitFor(other);
				own.countDown();
			});
		}
		this.pool.execute(ends.get(TASKS)::countDown);
		for (CountDownLatch end : ends) {
			assertThat(end.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
		}
	}

	@ParameterizedTest
	@EnumSource
	void otherTasksCompleteWhileTasksAreBlocked(Block block) throws Exception {
		try (ServerSocket silent = new ServerSocket(0, 1_000, InetAddress.getLoopbackAddress())) {
			List<Socket> sockets = new ArrayList<>();
			CountDownLatch release = new CountDownLatch(1);
			CountDownLatch blocked = new CountDownLatch(TASKS);
			Object monitor = new Object();
			try {
				synchronized (monitor) {
					for (int i = 0; i < TASKS; i++) {
						Socket socket = new Socket(silent.getInetAddress(), silent.getLocalPort());
						sockets.add(socket);
						this.pool.execute(() -> {
							blocked.countDown();
							block(block, monitor, release, socket);
						});
					}
					assertThat(blocked.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
					CountDownLatch others = new CountDownLatch(TASKS);
					for (int i = 0; i < TASKS; i++) {
						this.pool.execute(others::countDown);
					}
					assertThat(others.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
				}
			}
			finally {
				release.countDown();
				for (Socket socket : sockets) {
					socket.close();
				}
			}
		}
	}

	@Test
	void subscribersWaitingForOtherStreamsComplete() {
		Scheduler scheduler = Schedulers.fromExecutorService(this.pool);
		List<CountDownLatch> ends = IntStream.rangeClosed(0, TASKS).mapToObj((i) -> new CountDownLatch(1)).toList();
		ends.get(TASKS).countDown();
		for (int i = 0; i < TASKS; i++) {
			CountDownLatch own = ends.get(i);
			CountDownLatch other = ends.get(i + 1);
			Flux.range(0, 100)
				.publishOn(scheduler, 16)
				.doOnNext((element) -> waitFor(other))
				.doOnComplete(own::countDown)
				.subscribe();
		}
		await().atMost(LIMIT).until(() -> ends.stream().allMatch((end) -> end.getCount() == 0));
	}

	@Test
	void nonBlockingTasksShareThreads() {
		AtomicInteger done = new AtomicInteger();
		for (int i = 0; i < 5_000; i++) {
			this.pool.execute(done::incrementAndGet);
		}
		await().atMost(LIMIT).until(() -> done.get() == 5_000);
		assertThat(this.pool.getLargestPoolSize()).isLessThan(SIZE * 5);
	}

	@Test
	void threadsEndAfterLastRelease() throws Exception {
		CountDownLatch release = new CountDownLatch(1);
		CountDownLatch started = new CountDownLatch(TASKS);
		for (int i = 0; i < TASKS; i++) {
			this.pool.execute(() -> {
				started.countDown();
				waitFor(release);
			});
		}
		assertThat(started.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
		assertThat(threads()).isGreaterThanOrEqualTo(TASKS);
		this.pool.acquire();
		this.pool.release();
		this.pool.release();
		release.countDown();
		await().atMost(Duration.ofSeconds(3)).until(() -> threads() == 0);
	}

	@Test
	void releasedPoolIsUsable() throws Exception {
		for (int i = 0; i < 3; i++) {
			CountDownLatch done = new CountDownLatch(TASKS);
			for (int j = 0; j < TASKS; j++) {
				this.pool.execute(done::countDown);
			}
			assertThat(done.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
			if (i == 0) {
				this.pool.release();
			}
		}
	}

	@Test
	void failedTaskDoesNotAffectOthers() throws Exception {
		CountDownLatch done = new CountDownLatch(TASKS);
		for (int i = 0; i < TASKS; i++) {
			this.pool.submit(() -> {
				throw new StackOverflowError("expected");
			});
			this.pool.execute(done::countDown);
		}
		assertThat(done.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
	}

	private static void block(Block block, Object monitor, CountDownLatch release, Socket socket) {
		switch (block) {
			case LATCH -> waitFor(release);
			case MONITOR -> {
				synchronized (monitor) {
					release.countDown();
				}
			}
			case SOCKET -> {
				try {
					socket.getInputStream().read();
				}
				catch (IOException ex) {
					// closed at the end of the test
				}
			}
		}
	}

	private static void waitFor(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static long threads() {
		return Thread.getAllStackTraces().keySet().stream().filter((t) -> t.getName().startsWith(NAME)).count();
	}

	enum Block {

		LATCH, MONITOR, SOCKET

	}

}
