package io.github.grokspring.benchmark;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A {@link BenchmarkServer} in a process of its own, so that what it costs is not
 * counted.
 */
final class ServerProcess implements AutoCloseable {

	private final Process process;

	private final String baseUrl;

	private ServerProcess(Process process, String baseUrl) {
		this.process = process;
		this.baseUrl = baseUrl;
	}

	static ServerProcess start(Scenario scenario) {
		String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
		try {
			Process process = new ProcessBuilder(java, "-Xmx512m", "-classpath", System.getProperty("java.class.path"),
					BenchmarkServer.class.getName(), scenario.name())
				.redirectError(ProcessBuilder.Redirect.DISCARD)
				.start();
			BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
			for (String line = out.readLine(); line != null; line = out.readLine()) {
				if (line.startsWith("http://")) {
					return new ServerProcess(process, line);
				}
			}
			throw new IllegalStateException("The server ended with exit code " + process.waitFor());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	String baseUrl() {
		return this.baseUrl;
	}

	@Override
	public void close() {
		try {
			this.process.getOutputStream().close();
			if (!this.process.waitFor(10, TimeUnit.SECONDS)) {
				this.process.destroyForcibly();
			}
		}
		catch (IOException ex) {
			this.process.destroyForcibly();
		}
		catch (InterruptedException ex) {
			this.process.destroyForcibly();
			Thread.currentThread().interrupt();
		}
	}

}
