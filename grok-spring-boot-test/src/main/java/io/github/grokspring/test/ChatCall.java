package io.github.grokspring.test;

import java.util.Iterator;
import java.util.List;

import io.github.grokspring.test.ChatRequest.ToolCall;
import io.github.grokspring.test.HttpReply.Step;
import io.github.grokspring.test.ModelOutput.Outcome;
import io.github.grokspring.test.StreamPlan.ErrorText;
import org.jspecify.annotations.Nullable;

/**
 * Valid request of Chat Completions.
 */
record ChatCall(ChatRequest request, ServingContext context) implements ModelCall {

	@Override
	public ServerTools serverTools() {
		return ServerTools.NONE;
	}

	@Override
	public ResponseRenderer render(ModelOutput modelOutput) {
		Completion completion = new Completion(Completion.newId(), System.currentTimeMillis() / 1000,
				modelOutput.model().id(), modelOutput.model().fingerprint(), modelOutput.serviceTier(),
				modelOutput.pieces(), modelOutput.reasoning(), modelOutput.toolCalls(), modelOutput.sources(),
				finishReason(modelOutput.outcome(), modelOutput.toolCalls()), modelOutput.usage(),
				modelOutput.costInTicks(), modelOutput.quirks());
		return new ChatRenderer(completion, this.request.includeUsage(), modelOutput.outcome().failure());
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

	private record ChatRenderer(Completion completion, boolean includeUsage,
			@Nullable ErrorText failure) implements ResponseRenderer {

		@Override
		public byte[] toJson() {
			return (this.failure != null) ? toJson(this.failure) : this.completion.toJson();
		}

		@Override
		public byte[] toJson(ErrorText error) {
			return this.completion.has(GatewayQuirk.ERROR_IN_CHOICE) ? this.completion.toJson(error) : error.toJson();
		}

		@Override
		public Iterator<Step> toEvents(StreamPlan plan) {
			StreamPlan actual = plan;
			if (this.failure != null && !plan.isTruncated()) {
				actual = plan.failingAfter(this.completion.pieces().size(), this.failure);
			}
			return new ChunkSequence(this.completion, this.includeUsage, actual);
		}

	}

}
