package io.github.grokspring.benchmark;

import java.io.IOException;

import io.github.grokspring.test.XaiServer;

/**
 * Serves one {@link Scenario} until its standard input ends, which it does at the latest
 * when the process that started it does.
 */
public final class BenchmarkServer {

	private BenchmarkServer() {
	}

	public static void main(String[] args) throws IOException {
		try (XaiServer server = XaiServer.builder().recording(false).start()) {
			Scenario.valueOf(args[0]).script(server);
			System.out.println(server.baseUrl());
			while (System.in.read() >= 0) {
				// Nothing is ever said; what counts is the end.
			}
		}
	}

}
