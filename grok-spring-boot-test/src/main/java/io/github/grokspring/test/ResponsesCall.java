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
 * A valid request for a response. Its dialogue begins with the history the server keeps.
 */
record ResponsesCall(ResponsesRequest wanted, ChatRequest request, Serving serving,
		StoredResponses store) implements Call {

	private static final String INCLUDES_REASONING = "reasoning.encrypted_content";

	private static final String INCLUDES_RESULTS = "file_search_call.results";

	@Override
	public ServerTools serverTools() {
		return this.wanted.serverTools();
	}

	@Override
	public Rendition render(Speech speech) {
		ItemIds ids = ItemIds.random();
		List<ResponsesItem> output = new ArrayList<>();
		boolean encrypts = this.wanted.includes(INCLUDES_REASONING) || model().alwaysEncryptsReasoning();
		if (thinks(speech)) {
			output.add(new ReasoningItem(ids.reasoning(), thoughts(speech), encrypts ? encrypted("", speech) : null));
		}
		addToolUses(speech, ids, encrypts, output);
		if (encrypts && thinks(speech) && !speech.toolUses().isEmpty()) {
			output.add(new ReasoningItem(ids.reasoning(), List.of(), encrypted("", speech)));
		}
		List<UrlCitation> citations = citations(speech);
		if (!speech.pieces().isEmpty()) {
			output.add(new MessageItem(ids.message(), speech.pieces(), citations));
		}
		List<ToolCall> calls = new ArrayList<>();
		for (ToolCall call : speech.toolCalls()) {
			String id = (call.id() != null) ? call.id() : ids.functionCall(calls.size());
			ToolCall identified = new ToolCall(id, call.name(), call.arguments());
			output.add(new FunctionCallItem(ids.function(calls.size()), identified));
			calls.add(identified);
		}
		ResponseObject response = new ResponseObject(ids.response(), System.currentTimeMillis() / 1000, this.wanted,
				this.request.stream() ? this.request.reasoningEffort() : effort(), List.copyOf(output),
				cited(speech, citations), speech);
		if (this.wanted.store() && speech.outcome().whole()) {
			this.store.keep(ids.response(), response.toJson(), this.wanted.input(), dialogue(speech, calls));
		}
		return response;
	}

	private void addToolUses(Speech speech, ItemIds ids, boolean encrypts, List<ResponsesItem> output) {
		List<ServerToolUse> uses = speech.toolUses();
		boolean withResults = this.wanted.includes(INCLUDES_RESULTS);
		Set<String> listed = new HashSet<>();
		for (int i = 0; i < uses.size(); i++) {
			if (uses.get(i) instanceof McpRun run && listed.add(run.server())) {
				output.add(run.list(ids, i));
			}
			output.add(uses.get(i).item(ids, i, withResults));
		}
		for (int i = 0; i < uses.size(); i++) {
			if (uses.get(i).hidesOutput()) {
				String id = ids.toolOutput(i);
				output.add(new ReasoningItem(id, List.of(), encrypts ? encrypted(id + "_", speech) : null));
			}
		}
	}

	private String encrypted(String prefix, Speech speech) {
		return EncryptedContent.of(prefix, speech.model(), this.serving.apiKey());
	}

	private static boolean thinks(Speech speech) {
		return speech.usage().reasoningTokens() > 0 || !speech.reasoning().isEmpty();
	}

	private List<String> thoughts(Speech speech) {
		if (!speech.reasoning().isEmpty()) {
			return speech.reasoning();
		}
		return Tokens.split("Thinking about: \"" + this.request.topic() + "\"\n");
	}

	private List<UrlCitation> citations(Speech speech) {
		if (this.request.responseFormat() == ResponseFormat.TEXT) {
			return UrlCitation.in(speech.text());
		}
		return speech.sources().stream().map(UrlCitation::without).toList();
	}

	private static List<String> cited(Speech speech, List<UrlCitation> citations) {
		Set<String> urls = new LinkedHashSet<>();
		citations.forEach((citation) -> urls.add(citation.url()));
		urls.addAll(speech.sources());
		return List.copyOf(urls);
	}

	private List<Message> dialogue(Speech speech, List<ToolCall> calls) {
		List<Message> messages = new ArrayList<>(this.request.messages());
		messages.add(new Message("assistant", speech.text(), speech.pieces().isEmpty() ? 0 : 1, 0, List.copyOf(calls),
				null));
		return List.copyOf(messages);
	}

}
