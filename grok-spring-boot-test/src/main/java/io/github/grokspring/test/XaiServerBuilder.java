package io.github.grokspring.test;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

import javax.net.ssl.KeyManagerFactory;

import org.jspecify.annotations.Nullable;

/**
 * Prepares an {@link XaiServer}. Not thread-safe.
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
	 * Listens on this port.
	 * @param port a TCP port, 0 for any free one
	 * @return this builder
	 */
	public XaiServerBuilder port(int port) {
		this.port = port;
		return this;
	}

	/**
	 * Listens on this interface instead of the loopback interface.
	 * @param host name or address
	 * @return this builder
	 */
	public XaiServerBuilder host(String host) {
		this.host = host;
		return this;
	}

	/**
	 * Accepts this key; {@link XaiServer#apiKey()} names it.
	 * @param apiKey the key
	 * @return this builder
	 */
	public XaiServerBuilder apiKey(String apiKey) {
		this.apiKey = apiKey;
		return this;
	}

	/**
	 * Accepts further keys of the same team. What the model encrypts for one key is not
	 * accepted with another.
	 * @param apiKeys the keys
	 * @return this builder
	 */
	public XaiServerBuilder additionalApiKeys(String... apiKeys) {
		this.additionalApiKeys = List.of(apiKeys);
		return this;
	}

	/**
	 * Switches the memory of requests off or on; switch it off for measurements.
	 * @param recording whether requests are remembered
	 * @return this builder
	 */
	public XaiServerBuilder recording(boolean recording) {
		this.recording = recording;
		return this;
	}

	/**
	 * Sets the time before each piece of an answer that has no pace of its own.
	 * @param pace 0 for as fast as possible
	 * @return this builder
	 */
	public XaiServerBuilder pace(Duration pace) {
		this.pace = pace;
		return this;
	}

	/**
	 * Lets unscripted answers take up the question at a human pace, call tools the
	 * question asks for, and remember what was said before.
	 * @return this builder
	 */
	public XaiServerBuilder conversational() {
		this.conversational = true;
		return this;
	}

	/**
	 * Serves HTTPS, with HTTP/2 for clients that ask for it.
	 * @param keys key and certificate of the server
	 * @return this builder
	 */
	public XaiServerBuilder tls(KeyManagerFactory keys) {
		this.keys = keys;
		return this;
	}

	/**
	 * Counts requests and tokens per minute by this clock.
	 * @param clock tells the time
	 * @return this builder
	 */
	public XaiServerBuilder clock(InstantSource clock) {
		this.clock = clock;
		return this;
	}

	/**
	 * Limits the threads that serve.
	 * @param threads at least 1, else one for each processor
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
