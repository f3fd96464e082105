/**
 * Ask a question and read the answer as it comes.
 * @param {string} url where to ask
 * @param {Object} question what to post
 * @param {AbortSignal} signal gives up: the connection is closed, and the application stops the model
 * @returns {AsyncGenerator<{name: string, data: Object}>} server-sent events
 * @throws {Problem} if the application does not answer, or refuses
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
			detail: "What you see may not be all of it. Ask again."
		});
	}
	finally {
		reader.cancel().catch(() => {
			// it has ended already
		});
	}
}

/**
 * Send a request.
 * @returns {Promise<Response>} an answer with a status of success
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
			detail: "See whether it still runs, then try again."
		});
	}
	if (!response.ok) {
		const text = await response.text();
		let problem = { title: `The application answers with status ${response.status}`, detail: "Try again later." };
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
 * What went wrong, in words for people: title, detail and kind.
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
