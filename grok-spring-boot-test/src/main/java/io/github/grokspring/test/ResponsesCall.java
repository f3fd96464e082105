package io.github.grokspring.test;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import io.github.grokspring.test.ChatRequest.Message;
import io.github.grokspring.test.ChatRequest.ResponseFormat;
import io.github.grokspring.test.ChatRequest.ToolCall;
import io.github.grokspring.test.ServerToolUse.McpRun;

/**
 * Valid request of the Responses API, including the stored history.
 */
record ResponsesCall(ResponsesRequest responsesRequest, ChatRequest request, ServingContext context,
		StoredResponses store) implements ModelCall {

	private static final String INCLUDES_REASONING = "reasoning.encrypted_content";

	private static final String INCLUDES_RESULTS = "file_search_call.results";

	@Override
	public ServerTools serverTools() {
		return this.responsesRequest.serverTools();
	}

	@Override
	public ResponseRenderer render(ModelOutput modelOutput) {
		ItemIds ids = ItemIds.random();
		List<ResponsesItem> output = new ArrayList<>();
		boolean encrypts = this.responsesRequest.includes(INCLUDES_REASONING) || model().alwaysEncryptsReasoning();
		if (reasons(modelOutput)) {
			output.add(new ReasoningItem(ids.reasoning(), visibleReasoning(modelOutput),
					encrypts ? encrypted("", modelOutput) : null));
		}
		addToolUses(modelOutput, ids, encrypts, output);
		if (encrypts && reasons(modelOutput) && !modelOutput.toolUses().isEmpty()) {
			output.add(new ReasoningItem(ids.reasoning(), List.of(), encrypted("", modelOutput)));
		}
		List<UrlCitation> citations = citations(modelOutput);
		if (!modelOutput.pieces().isEmpty()) {
			output.add(new MessageItem(ids.message(), modelOutput.pieces(), citations));
		}
		List<ToolCall> calls = new ArrayList<>();
		for (ToolCall call : modelOutput.toolCalls()) {
			String id = (call.id() != null) ? call.id() : ids.functionCall(calls.size());
			ToolCall identified = new ToolCall(id, call.name(), call.arguments());
			output.add(new FunctionCallItem(ids.function(calls.size()), identified));
			calls.add(identified);
		}
		ResponseObject response = new ResponseObject(ids.response(), System.currentTimeMillis() / 1000,
				this.responsesRequest, this.request.stream() ? this.request.reasoningEffort() : effort(),
				List.copyOf(output), cited(modelOutput, citations), modelOutput);
		if (this.responsesRequest.store() && modelOutput.outcome().complete()) {
			this.store.put(ids.response(), response.toJson(), this.responsesRequest.input(),
					dialogue(modelOutput, calls));
		}
		return response;
	}

	private void addToolUses(ModelOutput modelOutput, ItemIds ids, boolean encrypts, List<ResponsesItem> output) {
		List<ServerToolUse> uses = modelOutput.toolUses();
		boolean withResults = this.responsesRequest.includes(INCLUDES_RESULTS);
		Set<String> listed = new HashSet<>();
		for (int i = 0; i < uses.size(); i++) {
			if (uses.get(i) instanceof McpRun run && listed.add(run.server())) {
				output.add(run.list(ids, i));
			}
			output.add(uses.get(i).item(ids, i, withResults));
		}
		for (int i = 0; i < uses.size(); i++) {
			if (uses.get(i).isOutputHidden()) {
				String id = ids.toolOutput(i);
				output.add(new ReasoningItem(id, List.of(), encrypts ? encrypted(id + "_", modelOutput) : null));
			}
		}
	}

	private String encrypted(String prefix, ModelOutput modelOutput) {
		return EncryptedContent.of(prefix, modelOutput.model(), this.context.apiKey());
	}

	private static boolean reasons(ModelOutput modelOutput) {
		return modelOutput.usage().reasoningTokens() > 0 || !modelOutput.reasoning().isEmpty();
	}

	private List<String> visibleReasoning(ModelOutput modelOutput) {
		if (!modelOutput.reasoning().isEmpty()) {
			return modelOutput.reasoning();
		}
		return Tokens.split("Thinking about: \"" + this.request.topic() + "\"\n");
	}

	private List<UrlCitation> citations(ModelOutput modelOutput) {
		if (this.request.responseFormat() == ResponseFormat.TEXT) {
			return UrlCitation.in(modelOutput.text());
		}
		return modelOutput.sources().stream().map(UrlCitation::without).toList();
	}

	private static List<String> cited(ModelOutput modelOutput, List<UrlCitation> citations) {
		Set<String> urls = new LinkedHashSet<>();
		citations.forEach((citation) -> urls.add(citation.url()));
		urls.addAll(modelOutput.sources());
		return List.copyOf(urls);
	}

	private List<Message> dialogue(ModelOutput modelOutput, List<ToolCall> calls) {
		List<Message> messages = new ArrayList<>(this.request.messages());
		messages.add(new Message("assistant", modelOutput.text(), modelOutput.pieces().isEmpty() ? 0 : 1, 0,
				List.copyOf(calls), null));
		return List.copyOf(messages);
	}

}
