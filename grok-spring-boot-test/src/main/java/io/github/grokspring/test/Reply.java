package io.github.grokspring.test;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;

import io.github.grokspring.test.HttpReply.Header;
import org.jspecify.annotations.Nullable;

/**
 * Scripted reply of an {@link XaiServer}. A reply is queued when it is created; configure
 * it completely before the request arrives. Replies are returned in order to requests of
 * both endpoints, unless {@link #on(String)} restricts them to a path,
 * {@link #forModel(String)} to a model or {@link #whenAsked(String)} to a question.
 * Requests that xAI would reject (wrong key, unknown model, unsupported parameter) are
 * rejected and consume no reply.
 * <p>
 * Thread-safe.
 *
 * @param <T> the type of reply
 * @since 0.1.0
 */
public abstract sealed class Reply<T extends Reply<T>> permits Answer, Failure, RawReply {

	private final Script script;

	private final List<Header> headers = new CopyOnWriteArrayList<>();

	private volatile @Nullable String path;

	private volatile @Nullable String model;

	private volatile @Nullable Pattern question;

	private volatile int remaining = 1;

	private volatile List<Integer> informational = List.of();

	private volatile Duration beforeHeaders = Duration.ZERO;

	private volatile Duration afterHeaders = Duration.ZERO;

	Reply(Script script) {
		this.script = script;
	}

	/**
	 * Adds a header to the response.
	 * @param name the name of the header
	 * @param value the value of the header
	 * @return this reply
	 */
	public T header(String name, Object value) {
		this.headers.add(new Header(name, String.valueOf(value)));
		return self();
	}

	/**
	 * Returns the reply several times in a row.
	 * @param times the number of times, at least 1
	 * @return this reply
	 * @throws IllegalArgumentException if {@code times} is less than 1
	 */
	public T times(int times) {
		if (times < 1) {
			throw new IllegalArgumentException("times must be at least 1, but is " + times);
		}
		this.remaining = times;
		return self();
	}

	/**
	 * Removes the reply from the queue and makes it the default for an empty queue, until
	 * {@link XaiServer#reset()}.
	 * @return this reply
	 */
	public T byDefault() {
		this.script.makeDefault(this);
		return self();
	}

	/**
	 * Restricts the reply to a path, which may be a path other than those of the two
	 * endpoints.
	 * @param path the path, for example {@code /v1/models}
	 * @return this reply
	 */
	public T on(String path) {
		this.path = path;
		return self();
	}

	/**
	 * Restricts the reply to a model.
	 * @param id the ID of the responding model, not an alias
	 * @return this reply
	 */
	public T forModel(String id) {
		this.model = id;
		return self();
	}

	/**
	 * Restricts the reply to requests whose last question matches a regular expression.
	 * @param regex the regular expression to find, case-insensitive
	 * @return this reply
	 * @throws java.util.regex.PatternSyntaxException if the expression is invalid
	 */
	public T whenAsked(String regex) {
		this.question = Pattern.compile(regex, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
		return self();
	}

	/**
	 * Sends informational responses immediately, before any delay.
	 * @param statuses the statuses, from 102 to 199
	 * @return this reply
	 * @throws IllegalArgumentException if a status is out of range
	 */
	public T informational(int... statuses) {
		if (Arrays.stream(statuses).anyMatch((status) -> status < 102 || status > 199)) {
			throw new IllegalArgumentException("Informational statuses must be between 102 and 199");
		}
		this.informational = Arrays.stream(statuses).boxed().toList();
		return self();
	}

	/**
	 * Delays the headers.
	 * @param silence the delay
	 * @return this reply
	 */
	public T silentFor(Duration silence) {
		this.beforeHeaders = silence;
		return self();
	}

	/**
	 * Delays the body after the headers.
	 * @param silence the delay
	 * @return this reply
	 */
	public T silentAfterHeaders(Duration silence) {
		this.afterHeaders = silence;
		return self();
	}

	boolean matches(String path, @Nullable ModelCall call) {
		String restriction = this.path;
		return ((restriction != null) ? restriction.equals(path) : XaiServer.MODEL_PATHS.contains(path))
				&& matches(call);
	}

	private boolean matches(@Nullable ModelCall call) {
		String model = this.model;
		Pattern question = this.question;
		if (call == null) {
			return model == null && question == null;
		}
		return (model == null || model.equals(call.model().id()))
				&& (question == null || question.matcher(call.request().question()).find());
	}

	/**
	 * Consumes the reply once. Guarded by the lock of the script.
	 * @return whether it was the last time
	 */
	boolean consume() {
		this.remaining = this.remaining - 1;
		return this.remaining <= 0;
	}

	final HttpReply httpReply(@Nullable ModelCall call) {
		return compose(call).with(List.copyOf(this.headers), this.beforeHeaders, this.afterHeaders)
			.withInformational(this.informational);
	}

	/**
	 * Composes the HTTP response, without the headers and delays of the reply.
	 * @param call the request, or {@code null} for paths without a model
	 * @return the HTTP response
	 */
	abstract HttpReply compose(@Nullable ModelCall call);

	abstract T self();

}
