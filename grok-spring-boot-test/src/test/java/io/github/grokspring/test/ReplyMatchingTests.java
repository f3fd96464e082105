package io.github.grokspring.test;

import java.util.regex.PatternSyntaxException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ReplyMatchingTests {

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private final TestClient calls = new TestClient(xai);

	@Test
	void replyForModelIsUsedForThatModelOnly() {
		xai.failsWith(503).forModel("grok-4.3").byDefault();
		assertThat(this.calls.ask("grok-4.5", "").statusCode()).isEqualTo(200);
		assertThat(this.calls.ask("grok-4.3", "").statusCode()).isEqualTo(503);
		assertThat(this.calls.respond("grok-4.3", "").statusCode()).isEqualTo(503);
		assertThat(this.calls.respond("grok-4.5", "").statusCode()).isEqualTo(200);
	}

	@Test
	void replyForModelWaitsForThatModel() {
		xai.answers("From the small one.").forModel("grok-4.5");
		xai.answers("From any.");
		assertThat(this.calls.ask("grok-4.3", "").body()).contains("From any.");
		assertThat(xai.waitingReplies()).isOne();
		assertThat(this.calls.ask("grok-4.5", "").body()).contains("From the small one.");
	}

	@Test
	void replyToQuestionIsUsedForThatQuestionOnly() {
		xai.answers("Blue light scatters most.").whenAsked("\\bSKY\\b").byDefault();
		assertThat(ask("Why is the sky blue?")).contains("Blue light scatters most.");
		assertThat(ask("What is a skyscraper?")).doesNotContain("Blue light");
	}

	@Test
	void textFunctionReceivesQuestion() {
		xai.answers((question) -> "You asked: " + question).byDefault();
		assertThat(ask("Why?")).contains("You asked: Why?");
		assertThat(this.calls.respond("grok-4.3", "\"stream\":true").body()).contains("You asked: What is new?");
	}

	@Test
	void matchesLastQuestionOnly() {
		xai.answers("Blue light scatters most.").whenAsked("sky").byDefault();
		assertThat(this.calls.chat("""
				{"model":"grok-4.3","messages":[{"role":"user","content":"Why is the sky blue?"},
				{"role":"assistant","content":"Because."},{"role":"user","content":"And grass?"}]}""").body())
			.doesNotContain("Blue light");
	}

	@Test
	void boundReplyIsNotUsedForOtherEndpoints() {
		xai.failsWith(500).on("/v1/models").forModel("grok-4.3").byDefault();
		xai.failsWith(500).on("/v1/models").whenAsked(".*").byDefault();
		assertThat(this.calls.get("/models").statusCode()).isEqualTo(200);
	}

	@Test
	void rejectsInvalidRegularExpression() {
		Answer answer = xai.answers("Never.");
		assertThatExceptionOfType(PatternSyntaxException.class).isThrownBy(() -> answer.whenAsked("("));
	}

	private String ask(String question) {
		return this.calls.chat("""
				{"model":"grok-4.3","messages":[{"role":"user","content":"%s"}]}""".formatted(question)).body();
	}

}
