package io.github.grokspring.test;

import java.util.Iterator;
import java.util.List;

import io.github.grokspring.test.ChatRequest.ToolCall;
import io.github.grokspring.test.Course.ErrorText;
import io.github.grokspring.test.Outgoing.Step;
import io.github.grokspring.test.Speech.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * A valid request for a chat completion.
 */
record ChatCall(ChatRequest request, Serving serving) implements Call {

	@Override
	public ServerTools serverTools() {
		return ServerTools.NONE;
	}

	@Override
	public Rendition render(Speech speech) {
		Completion completion = new Completion(Completion.newId(), System.currentTimeMillis() / 1000,
				speech.model().id(), speech.model().fingerprint(), speech.serviceTier(), speech.pieces(),
				speech.reasoning(), speech.toolCalls(), speech.sources(),
				finishReason(speech.outcome(), speech.toolCalls()), speech.usage(), speech.costInTicks(),
				speech.quirks());
		return new ChatRendition(completion, this.request.includeUsage(), speech.outcome().failure());
	}

	private static @Nullable String finishReason(Outcome outcome, List<ToolCall> calls) {
		if (!outcome.finishes()) {
			return null;
		}
		if (outcome.finishReason() != null) {
			return outcome.finishReason();
		}
		if (outcome.incompleteReason() != null) {
			return "length";
		}
		return calls.isEmpty() ? "stop" : "tool_calls";
	}

	private record ChatRendition(Completion completion, boolean includeUsage,
			@Nullable ErrorText failure) implements Rendition {

		@Override
		public byte[] toJson() {
			return (this.failure != null) ? toJson(this.failure) : this.completion.toJson();
		}

		@Override
		public byte[] toJson(ErrorText error) {
			return this.completion.has(GatewayQuirk.ERROR_IN_CHOICE) ? this.completion.toJson(error) : error.toJson();
		}

		@Override
		public Iterator<Step> toEvents(Course course) {
			Course actual = course;
			if (this.failure != null && !course.isCut()) {
				actual = course.failingAfter(this.completion.pieces().size(), this.failure);
			}
			return new ChunkSequence(this.completion, this.includeUsage, actual);
		}

	}

}
