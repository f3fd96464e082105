package io.github.grokspring.test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

import io.github.grokspring.test.HttpReply.Ending;
import org.jspecify.annotations.Nullable;

/**
 * Scripted failure with the flat error body of xAI.
 *
 * @since 0.1.0
 */
public final class Failure extends Reply<Failure> {

	private static final int TOO_MANY_REQUESTS = 429;

	private static final int OVERLOADED = 529;

	private final int status;

	private volatile String code;

	private volatile String text;

	private volatile @Nullable String rateLimit;

	Failure(Script script, int status) {
		super(script);
		this.status = status;
		this.code = codeFor(status);
		this.text = textFor(status);
		this.rateLimit = (status == TOO_MANY_REQUESTS) ? "Too many requests" : null;
	}

	static Failure rateLimitExceeded(Script script, RateLimitWindows.ExceededLimit exceeded) {
		return new Failure(script, TOO_MANY_REQUESTS).limited(exceeded.limit().message(), exceeded.limit().bucket(),
				exceeded.actual(), exceeded.allowed());
	}

	/**
	 * Sets the error body.
	 * @param code the value of {@code code}
	 * @param error the value of {@code error}
	 * @return this reply
	 */
	public Failure saying(String code, String error) {
		this.code = code;
		this.text = error;
		this.rateLimit = null;
		return this;
	}

	/**
	 * Adds the header {@code Retry-After}.
	 * @param seconds the value of the header
	 * @return this reply
	 */
	public Failure retryAfter(long seconds) {
		return header("retry-after", seconds);
	}

	/**
	 * Sets the exceeded request limit in the message of xAI.
	 * @param actual the number of requests in this second
	 * @param limit the allowed requests per second
	 * @return this reply
	 */
	public Failure rateLimited(long actual, long limit) {
		return limited("Too many requests", "Requests per Second", actual, limit);
	}

	/**
	 * Sets the exceeded token limit in the message of xAI.
	 * @param actual the number of tokens in this minute
	 * @param limit the allowed tokens per minute
	 * @return this reply
	 */
	public Failure tokensLimited(long actual, long limit) {
		return limited("Too many tokens", "Tokens per Minute", actual, limit);
	}

	@Override
	HttpReply compose(@Nullable ModelCall call) {
		if (this.status >= 520 && this.status <= 530 && this.status != OVERLOADED) {
			byte[] page = "<!DOCTYPE html>\n<html><head><title>api.x.ai | %d</title></head><body><h1>Error %d</h1></body></html>\n"
				.formatted(this.status, this.status)
				.getBytes(StandardCharsets.UTF_8);
			return new HttpReply(List.of(), this.status, "text/html; charset=UTF-8", List.of(), Duration.ZERO,
					Duration.ZERO, page, null, Ending.COMPLETE);
		}
		String sentence = this.text;
		if (this.rateLimit != null) {
			String model = (call != null) ? call.model().id() : "grok-4.3";
			String limits = sentence.isEmpty() ? "" : " Your team's rate limit is - " + sentence + ".";
			sentence = "%s for team %s and model %s.%s".formatted(this.rateLimit, XaiServer.TEAM_ID, model, limits);
		}
		return HttpReply.json(this.status, ApiErrorException.body(this.code, sentence));
	}

	@Override
	Failure self() {
		return this;
	}

	private Failure limited(String what, String bucket, long actual, long limit) {
		this.code = codeFor(TOO_MANY_REQUESTS);
		this.text = "%s (actual/limit): %d/%d".formatted(bucket, actual, limit);
		this.rateLimit = what;
		return this;
	}

	private static String codeFor(int status) {
		return switch (status) {
			case 401 -> "unauthenticated:no-credentials";
			case 403 -> "permission-denied";
			case 404 -> "not-found";
			case TOO_MANY_REQUESTS -> "resource-exhausted";
			case 500 -> "internal";
			case 502, 503, 504, OVERLOADED -> "unavailable";
			default -> "invalid-argument";
		};
	}

	private static String textFor(int status) {
		return switch (status) {
			case 401 -> "No credentials provided. Send an API key in the Authorization header.";
			case 403 ->
				"Access to the chat endpoint is denied. Please ensure you're using the correct credentials. If you believe this is a mistake, please log into console.x.ai and update the permissions, or contact support.";
			case 404 -> "The requested resource was not found.";
			case TOO_MANY_REQUESTS -> "";
			case 500 -> "Internal error";
			case 502, 503, 504, OVERLOADED ->
				"Service temporarily unavailable. The model did not respond to this request.";
			default -> "The request was refused with status " + status + ".";
		};
	}

}
