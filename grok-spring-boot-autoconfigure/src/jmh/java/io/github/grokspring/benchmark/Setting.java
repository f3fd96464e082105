package io.github.grokspring.benchmark;

/**
 * A server and the transport that asks it.
 */
record Setting(ServerProcess server, Transport transport) implements AutoCloseable {

	static Setting of(Scenario scenario, String transport) {
		ServerProcess server = ServerProcess.start(scenario);
		return new Setting(server, Transport.named(transport, server.baseUrl()));
	}

	@Override
	public void close() {
		this.transport.close();
		this.server.close();
	}

}
