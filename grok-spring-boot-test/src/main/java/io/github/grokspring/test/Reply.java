package io.github.grokspring.test;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;

import io.github.grokspring.test.Outgoing.Header;
import org.jspecify.annotations.Nullable;

/**
 * A scripted reply of {@link XaiServer}. It waits in line from the moment it is created;
 * describe it completely before the request arrives. Replies are given to requests for
 * chat completions and for responses, in order, unless {@link #on(String)} names one
 * path, {@link #forModel(String)} a model or {@link #whenAsked(String)} a question. A
 * request that xAI would refuse (wrong key, unknown model, refused parameter) is refused
 * and uses up no reply.
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

	private volatile @Nullable Pattern asked;

	private volatile int remaining = 1;

	private volatile List<Integer> informational = List.of();

	private volatile Duration beforeHeaders = Duration.ZERO;

	private volatile Duration afterHeaders = Duration.ZERO;

	Reply(Script script) {
		this.script = script;
	}

	/**
	 * Adds a header to the answer.
	 * @param name name of the header
	 * @param value its value
	 * @return this reply
	 */
	public T header(String name, Object value) {
		this.headers.add(new Header(name, String.valueOf(value)));
		return self();
	}

	/**
	 * Gives the reply several times in a row.
	 * @param times how often, at least 1
	 * @return this reply
	 * @throws IllegalArgumentException if {@code times} is less than 1
	 */
	public T times(int times) {
		if (times < 1) {
			throw new IllegalArgumentException("times must be at least 1, not " + times);
		}
		this.remaining = times;
		return self();
	}

	/**
	 * Takes the reply out of the line and gives it whenever the line is empty, until
	 * {@link XaiServer#reset()}.
	 * @return this reply
	 */
	public T byDefault() {
		this.script.makeDefault(this);
		return self();
	}

	/**
	 * Gives the reply to requests on one path only, which may be another than those of
	 * chat completions and responses.
	 * @param path the path from its beginning, for example {@code /v1/models}
	 * @return this reply
	 */
	public T on(String path) {
		this.path = path;
		return self();
	}

	/**
	 * Gives the reply to requests for one model only.
	 * @param id id of the model that answers, which is not an alias
	 * @return this reply
	 */
	public T forModel(String id) {
		this.model = id;
		return self();
	}

	/**
	 * Gives the reply to requests only whose last question has something in it.
	 * @param regex a regular expression that is to be found, case does not matter
	 * @return this reply
	 * @throws java.util.regex.PatternSyntaxException if it is none
	 */
	public T whenAsked(String regex) {
		this.asked = Pattern.compile(regex, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
		return self();
	}

	/**
	 * Sends informational responses at once, before everything else, silence included.
	 * @param statuses for example 103, each from 102 to 199
	 * @return this reply
	 * @throws IllegalArgumentException if a status is not one of those
	 */
	public T informational(int... statuses) {
		if (Arrays.stream(statuses).anyMatch((status) -> status < 102 || status > 199)) {
			throw new IllegalArgumentException("Informational statuses are from 102 to 199");
		}
		this.informational = Arrays.stream(statuses).boxed().toList();
		return self();
	}

	/**
	 * Sends nothing at all, not even headers, for a while.
	 * @param silence how long
	 * @return this reply
	 */
	public T silentFor(Duration silence) {
		this.beforeHeaders = silence;
		return self();
	}

	/**
	 * Sends status and headers and then nothing for a while.
	 * @param silence how long
	 * @return this reply
	 */
	public T silentAfterHeaders(Duration silence) {
		this.afterHeaders = silence;
		return self();
	}

	/**
	 * Whether the reply fits a request.
	 * @param path the path of the request
	 * @param call what is asked, {@code null} where no model answers
	 * @return whether it has the path named, or one of those where the model answers, and
	 * the model and the question named
	 */
	boolean fits(String path, @Nullable Call call) {
		String own = this.path;
		return ((own != null) ? own.equals(path) : XaiServer.ANSWERING.contains(path)) && fits(call);
	}

	private boolean fits(@Nullable Call call) {
		String model = this.model;
		Pattern asked = this.asked;
		if (call == null) {
			return model == null && asked == null;
		}
		return (model == null || model.equals(call.model().id()))
				&& (asked == null || asked.matcher(call.request().question()).find());
	}

	/**
	 * Uses the reply up by one; called by the script under its lock.
	 * @return whether it was the last time
	 */
	boolean useUp() {
		this.remaining = this.remaining - 1;
		return this.remaining <= 0;
	}

	final Outgoing outgoing(@Nullable Call call) {
		return compose(call).with(List.copyOf(this.headers), this.beforeHeaders, this.afterHeaders)
			.after(this.informational);
	}

	/**
	 * What this reply sends.
	 * @param call the request it replies to, {@code null} where no model answers
	 * @return everything but headers and silences of the reply itself
	 */
	abstract Outgoing compose(@Nullable Call call);

	abstract T self();

}
