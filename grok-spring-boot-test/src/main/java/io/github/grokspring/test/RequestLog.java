package io.github.grokspring.test;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

import io.netty.handler.codec.http.HttpHeaders;

/**
 * Records the last requests and counts all of them.
 */
final class RequestLog {

	static final int CAPACITY = 1000;

	private final boolean recording;

	private final Deque<RecordedRequest> requests = new ArrayDeque<>();

	private final LongAdder count = new LongAdder();

	RequestLog(boolean recording) {
		this.recording = recording;
	}

	void add(String method, String path, HttpHeaders headers, byte[] body) {
		this.count.increment();
		if (!this.recording) {
			return;
		}
		Map<String, List<String>> byName = new TreeMap<>();
		headers.forEach((header) -> byName
			.computeIfAbsent(header.getKey().toLowerCase(Locale.ROOT), (name) -> new ArrayList<>(1))
			.add(header.getValue()));
		RecordedRequest request = new RecordedRequest(method, path, Collections.unmodifiableMap(byName), body);
		synchronized (this.requests) {
			if (this.requests.size() == CAPACITY) {
				this.requests.removeFirst();
			}
			this.requests.addLast(request);
		}
	}

	List<RecordedRequest> all() {
		requireRecording();
		synchronized (this.requests) {
			return List.copyOf(this.requests);
		}
	}

	RecordedRequest last() {
		requireRecording();
		synchronized (this.requests) {
			RecordedRequest last = this.requests.peekLast();
			if (last == null) {
				throw new AssertionError("No request has reached the server");
			}
			return last;
		}
	}

	long count() {
		return this.count.sum();
	}

	void clear() {
		synchronized (this.requests) {
			this.requests.clear();
		}
		this.count.reset();
	}

	private void requireRecording() {
		if (!this.recording) {
			throw new IllegalStateException("Requests are not recorded. Start the server with recording(true).");
		}
	}

}
