/**
 * Sends a message and reads the response as a stream.
 * @param {string} url the URL
 * @param {Object} question the request body
 * @param {AbortSignal} signal closes the connection, so that the application cancels the call
 * @returns {AsyncGenerator<{name: string, data: Object}>} server-sent events
 * @throws {Problem} if the application does not respond, or responds with an error
 */
export async function* ask(url, question, signal) {
	const response = await send(url, {
		method: "POST",
		headers: { "content-type": "application/json", accept: "text/event-stream" },
		body: JSON.stringify(question),
		signal
	});
	const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
	let rest = "";
	try {
		for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
			const parts = (rest + piece.value).split(/\r?\n\r?\n/);
			rest = parts.pop();
			yield* parts.map(parse).filter((event) => event !== null);
		}
	}
	catch (failure) {
		throw signal.aborted ? failure : new Problem({
			title: "The connection to the application is lost",
			detail: "The response may be incomplete. Try again."
		});
	}
	finally {
		reader.cancel().catch(() => {
			// already closed
		});
	}
}

/**
 * Sends a request.
 * @returns {Promise<Response>} a successful response
 * @throws {Problem} if there is none
 */
export async function send(url, init) {
	let response;
	try {
		response = await fetch(url, init);
	}
	catch (failure) {
		throw init?.signal?.aborted ? failure : new Problem({
			title: "The application cannot be reached",
			detail: "Check that it is running and try again."
		});
	}
	if (!response.ok) {
		const text = await response.text();
		let problem = { title: `The application responded with status ${response.status}`, detail: "Try again later." };
		try {
			problem = { ...problem, ...JSON.parse(text) };
		}
		catch {
			// not a problem document
		}
		throw new Problem(problem);
	}
	return response;
}

/**
 * A failure with title, detail and kind.
 */
export class Problem extends Error {

	constructor(problem) {
		super(problem.title);
		this.problem = problem;
	}

}

function parse(block) {
	let name = "message";
	const data = [];
	for (const line of block.split(/\r?\n/)) {
		if (line.startsWith("event:")) {
			name = line.slice("event:".length).trim();
		}
		else if (line.startsWith("data:")) {
			data.push(line.slice("data:".length));
		}
	}
	return data.length > 0 ? { name, data: JSON.parse(data.join("\n")) } : null;
}
