package io.github.grokspring.test;

/**
 * The ids of the items of one response, all made from the id of the response. They are
 * not unique: two reasoning items share one.
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

	/**
	 * The id a client answers a function call with.
	 * @param number which call, from 0
	 * @return an id of its own
	 */
	String functionCall(int number) {
		return "call-" + this.functionCalls + "-" + number;
	}

	/**
	 * What ends the ids of a use of a tool at xAI.
	 * @param number which use, from 0
	 * @return an id of its own
	 */
	String call(int number) {
		return "call-" + this.calls + "-" + number;
	}

	String toolOutput(int number) {
		return "tco_" + this.response + "_" + call(number);
	}

}
