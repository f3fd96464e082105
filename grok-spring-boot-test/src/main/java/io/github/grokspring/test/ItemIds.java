package io.github.grokspring.test;

/**
 * IDs of the output items of a response, derived from the ID of the response. They are
 * not unique: two reasoning items share an ID.
 */
record ItemIds(String response, String calls, String functionCalls) {

	static ItemIds random() {
		return new ItemIds(Completion.newId(), Completion.newId(), Completion.newId());
	}

	String reasoning() {
		return "rs_" + this.response;
	}

	String message() {
		return "msg_" + this.response;
	}

	String function(int number) {
		return "fc_" + this.response + "_" + number;
	}

	String functionCall(int number) {
		return "call-" + this.functionCalls + "-" + number;
	}

	String call(int number) {
		return "call-" + this.calls + "-" + number;
	}

	String toolOutput(int number) {
		return "tco_" + this.response + "_" + call(number);
	}

}
