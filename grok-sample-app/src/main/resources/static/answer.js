import { element, link } from "./elements.js";
import { render } from "./markdown.js";

/**
 * A response on the page.
 */
export class Answer {

	#text = "";
	#thoughts = "";
	#painting = 0;
	#tools = new Map();
	#waiting = element("p.waiting", "Waiting for the response …");
	#body = element("div.text");
	#reasoning = null;
	#toolList = null;

	/**
	 * @param {function(): void} grown called when the response has grown
	 */
	constructor(grown) {
		this.grown = grown;
		this.node = element("article.turn.assistant.writing", { "aria-label": "Response", "aria-busy": "true" }, this.#waiting);
	}

	/** The text so far. */
	get text() {
		return this.#text;
	}

	write(piece) {
		this.#text += piece;
		this.#paintSoon();
	}

	think(piece) {
		this.#thoughts += piece;
		if (this.#reasoning === null) {
			this.#reasoning = element("details.reasoning", element("summary", "Reasoning"), element("p"));
			this.#waiting.remove();
			this.node.prepend(this.#reasoning);
		}
		this.#reasoning.lastChild.textContent = this.#thoughts;
		this.grown();
	}

	use(tool) {
		if (this.#toolList === null) {
			this.#toolList = element("ul.tools", { "aria-label": "Tools" });
			this.#waiting.remove();
			this.node.insertBefore(this.#toolList, this.#body.isConnected ? this.#body : null);
		}
		const row = element("li", element("strong", tool.name), tool.input ? ` ${tool.input}` : "", " ",
			element("span.output", tool.output ? `→ ${tool.output}` : tool.status.replaceAll("_", " ")));
		this.#tools.get(tool.id)?.replaceWith(row);
		if (!this.#tools.has(tool.id)) {
			this.#toolList.append(row);
		}
		this.#tools.set(tool.id, row);
		this.grown();
	}

	finish(done) {
		this.#end();
		if (done.citations?.length > 0) {
			this.node.append(sources(done.citations, this.#text));
		}
		if (done.details) {
			this.node.append(details(done.details));
		}
		this.grown();
	}

	stop() {
		this.#end();
		this.node.append(element("p.stopped", this.#text ? "You stopped the response here." : "You stopped before the response started."));
		this.grown();
	}

	/**
	 * @param {Object} problem a problem document
	 * @param {function(): void} again sends the same request again
	 */
	fail(problem, again) {
		this.#end();
		const button = element("button.quiet", { type: "button" }, "Try again");
		button.addEventListener("click", again, { once: true });
		this.node.append(element("div.problem", { role: "alert" }, element("strong", problem.title ?? "Something went wrong"),
			problem.detail ? element("p", problem.detail) : null,
			problem.kind ? element("p.hint", `Kind: ${problem.kind.toLowerCase().replaceAll("_", " ")}`
				+ (problem.xaiStatus >= 400 ? `, status ${problem.xaiStatus} of xAI` : "")
				+ (problem.xaiRequestId ? `, request ${problem.xaiRequestId}` : "")) : null,
			button));
		this.grown();
	}

	#end() {
		cancelAnimationFrame(this.#painting);
		this.#painting = 0;
		this.#paint();
		this.#waiting.remove();
		this.node.classList.remove("writing");
		this.node.removeAttribute("aria-busy");
	}

	/** Renders once per frame instead of once per chunk. */
	#paintSoon() {
		if (this.#painting === 0) {
			this.#painting = requestAnimationFrame(() => {
				this.#painting = 0;
				this.#paint();
				this.grown();
			});
		}
	}

	#paint() {
		if (this.#text === "") {
			return;
		}
		this.#waiting.remove();
		this.#body.replaceChildren(render(this.#text));
		if (!this.#body.isConnected || this.#body.parentNode !== this.node) {
			this.node.append(this.#body);
		}
	}

}

/**
 * A message of the user on the page.
 */
export function question(text) {
	return element("article.turn.user", { "aria-label": "Your message" }, element("p", text));
}

/**
 * Announces the response to screen readers sentence by sentence. They would read text that is rendered with each chunk
 * from its start each time.
 */
export class Announcer {

	#node;
	#announced = 0;

	constructor(node) {
		this.#node = node;
	}

	begin() {
		this.#announced = 0;
		this.#node.replaceChildren();
	}

	announce(text, complete) {
		const rest = text.slice(this.#announced);
		const end = complete ? rest.length : lastEnd(rest);
		if (end > 0) {
			this.say(render(rest.slice(0, end)).textContent);
			this.#announced += end;
		}
	}

	say(text) {
		if (text.trim()) {
			this.#node.append(element("p", text));
		}
	}

}

function lastEnd(text) {
	let end = 0;
	for (const match of text.matchAll(/[.!?:](?=\s)|\n\n/g)) {
		end = match.index + match[0].length;
	}
	return end;
}

/** Numbers sources like their marks in the text. Sources without a mark come last. */
function sources(citations, text) {
	const numbers = new Map();
	for (const [, number, url] of text.matchAll(/\[\[(\d+)\]\]\(([^)\s]+)\)/g)) {
		if (!numbers.has(url)) {
			numbers.set(url, Number(number));
		}
	}
	const numberOf = (citation) => numbers.get(citation.url) ?? Infinity;
	const unique = new Map();
	for (const citation of citations) {
		const known = unique.get(citation.url);
		if (!known || !/\D/.test(known.title ?? "")) {
			unique.set(citation.url, citation);
		}
	}
	return element("section.sources", { "aria-label": "Sources" }, element("h3", "Sources"),
		element("ol", ...[...unique.values()].sort((one, other) => numberOf(one) - numberOf(other) || 0)
			.map((citation) => element("li", numbers.has(citation.url) ? { value: String(numberOf(citation)) } : null,
				link(citation.url, /\D/.test(citation.title ?? "") ? citation.title : citation.url.replace(/^https?:\/\//, ""))))));
}

function details(data) {
	const tokens = data.tokens;
	const all = tokens.input + tokens.cached + tokens.images + tokens.output + tokens.reasoning;
	const rows = [
		["Model", data.requestedModel && data.requestedModel !== data.model
			? `${data.model} instead of ${data.requestedModel}` : data.model],
		["Endpoint", data.api],
		["Tokens", [[tokens.input, "input"], [tokens.cached, "cached input"], [tokens.images, "image"],
			[tokens.output, "output"], [tokens.reasoning, "reasoning"]].filter(([count]) => count > 0)
			.map(([count, what]) => `${number(count)} ${what}`).join(", ") + (tokens.estimated ? " (estimated)" : "")],
		["Server-side tools", Object.entries(tokens.serverTools).map(([tool, count]) => `${tool} × ${count}`).join(", ")],
		["Cost", data.cost ? (data.cost.source === "none" ? "unknown"
			: `$${plain(data.cost.usd)}, ${data.cost.source === "reported" ? "reported by xAI" : "from the price table"}`) : null],
		["Time to first token", data.timeToFirstTokenMillis === undefined ? null : seconds(data.timeToFirstTokenMillis)],
		["Duration", seconds(data.durationMillis)],
		["Attempts", `${data.attempts}` + (data.rounds > 1 ? ` in ${data.rounds} rounds with tools` : "")],
		["Removed parameters", data.scrubbed.join(", ")],
		["Response cache", data.cache],
		["Request ID", data.requestId]
	];
	const summary = [data.model, data.cost && data.cost.source !== "none" ? dollars(data.cost.usd) : null,
		`${number(all)} tokens`, seconds(data.durationMillis),
		data.attempts > data.rounds ? `${data.attempts} attempts` : null].filter(Boolean).join(" · ");
	const row = element("details.details", element("summary", summary), element("dl", ...rows.filter(([, value]) => value)
		.flatMap(([name, value]) => [element("dt", name), element("dd", String(value))])));
	row.addEventListener("toggle", () => row.open && row.scrollIntoView({ block: "nearest" }));
	return row;
}

function number(count) {
	return new Intl.NumberFormat("en").format(count);
}

function seconds(millis) {
	return `${(millis / 1000).toFixed(millis < 10_000 ? 2 : 1)} s`;
}

/** Removes trailing zeros. */
function plain(usd) {
	return usd.includes(".") ? usd.replace(/0+$/, "").replace(/\.$/, "") : usd;
}

/** Formats small amounts with at least two significant digits. */
export function dollars(usd) {
	const amount = Number(usd);
	return `$${amount === 0 ? "0.00" : amount >= 0.1 ? amount.toFixed(2) : amount.toPrecision(2)}`;
}
