package io.github.grokspring.test;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

import javax.net.ssl.KeyManagerFactory;

import org.jspecify.annotations.Nullable;

/**
 * Builder of an {@link XaiServer}. Not thread-safe.
 *
 * @since 0.1.0
 */
public final class XaiServerBuilder {

	String host = "127.0.0.1";

	int port;

	String apiKey = XaiServer.API_KEY;

	List<String> additionalApiKeys = List.of();

	boolean recording = true;

	boolean conversational;

	@Nullable Duration pace;

	@Nullable KeyManagerFactory keys;

	InstantSource clock = InstantSource.system();

	int threads = Math.max(1, Runtime.getRuntime().availableProcessors());

	XaiServerBuilder() {
	}

	/**
	 * Sets the port.
	 * @param port the TCP port, 0 for any free port
	 * @return this builder
	 */
	public XaiServerBuilder port(int port) {
		this.port = port;
		return this;
	}

	/**
	 * Sets the interface to listen on. The default is the loopback interface.
	 * @param host the name or address
	 * @return this builder
	 */
	public XaiServerBuilder host(String host) {
		this.host = host;
		return this;
	}

	/**
	 * Sets the API key.
	 * @param apiKey the API key
	 * @return this builder
	 */
	public XaiServerBuilder apiKey(String apiKey) {
		this.apiKey = apiKey;
		return this;
	}

	/**
	 * Accepts further API keys of the same team. Reasoning that is encrypted for one key
	 * is rejected with another.
	 * @param apiKeys the API keys
	 * @return this builder
	 */
	public XaiServerBuilder additionalApiKeys(String... apiKeys) {
		this.additionalApiKeys = List.of(apiKeys);
		return this;
	}

	/**
	 * Sets whether to record requests. Disable recording for benchmarks.
	 * @param recording whether to record requests
	 * @return this builder
	 */
	public XaiServerBuilder recording(boolean recording) {
		this.recording = recording;
		return this;
	}

	/**
	 * Sets the default delay before each chunk of a response.
	 * @param pace the delay, 0 for none
	 * @return this builder
	 */
	public XaiServerBuilder pace(Duration pace) {
		this.pace = pace;
		return this;
	}

	/**
	 * Makes default responses conversational: they refer to the question and earlier
	 * messages, call the tools that the question asks for, and are streamed at a human
	 * pace.
	 * @return this builder
	 */
	public XaiServerBuilder conversational() {
		this.conversational = true;
		return this;
	}

	/**
	 * Serves HTTPS, with HTTP/2 if clients request it.
	 * @param keys the key and certificate of the server
	 * @return this builder
	 */
	public XaiServerBuilder tls(KeyManagerFactory keys) {
		this.keys = keys;
		return this;
	}

	/**
	 * Sets the clock for request and token limits.
	 * @param clock the clock
	 * @return this builder
	 */
	public XaiServerBuilder clock(InstantSource clock) {
		this.clock = clock;
		return this;
	}

	/**
	 * Sets the number of threads. The default is one per processor.
	 * @param threads the number of threads, at least 1
	 * @return this builder
	 */
	public XaiServerBuilder threads(int threads) {
		this.threads = threads;
		return this;
	}

	/**
	 * Starts the server.
	 * @return the running server
	 */
	public XaiServer start() {
		return new XaiServer(this);
	}

}
