package io.github.grokspring.test;

import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * {@link XaiServer} as a JUnit extension. It is reset before each test and closed after
 * the last one, or after each test if it is registered as an instance field.
 *
 * <pre class="code">
 * &#64;RegisterExtension
 * static final XaiServerExtension xai = XaiServerExtension.start();
 * </pre>
 *
 * @since 0.1.0
 */
public final class XaiServerExtension extends XaiServer
		implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {

	private final AtomicInteger classes = new AtomicInteger();

	private XaiServerExtension(XaiServerBuilder builder) {
		super(builder);
	}

	/**
	 * Starts a server on a free port of the loopback interface.
	 * @return the running server
	 */
	public static XaiServerExtension start() {
		return start(builder());
	}

	/**
	 * Starts a server.
	 * @param builder the builder of the server
	 * @return the running server
	 */
	public static XaiServerExtension start(XaiServerBuilder builder) {
		return new XaiServerExtension(builder);
	}

	@Override
	public void beforeAll(ExtensionContext context) {
		this.classes.incrementAndGet();
	}

	@Override
	public void beforeEach(ExtensionContext context) {
		if (this.classes.get() > 0) {
			reset();
		}
	}

	@Override
	public void afterEach(ExtensionContext context) {
		if (this.classes.get() == 0) {
			close();
		}
	}

	@Override
	public void afterAll(ExtensionContext context) {
		if (this.classes.decrementAndGet() == 0) {
			close();
		}
	}

}
