import { element, link } from "./elements.js";
import { render } from "./markdown.js";

/**
 * An answer on the page, which grows.
 */
export class Answer {

	#text = "";
	#thoughts = "";
	#painting = 0;
	#tools = new Map();
	#waiting = element("p.waiting", "Waiting for the first word …");
	#body = element("div.text");
	#reasoning = null;
	#toolList = null;

	/**
	 * @param {function(): void} grown is told when the answer needs more room
	 */
	constructor(grown) {
		this.grown = grown;
		this.node = element("article.turn.assistant.writing", { "aria-label": "Answer", "aria-busy": "true" }, this.#waiting);
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
		this.node.append(element("p.stopped", this.#text ? "You stopped the answer here." : "You stopped before the answer began."));
		this.grown();
	}

	/**
	 * @param {Object} problem a problem document
	 * @param {function(): void} again asks the same once more
	 */
	fail(problem, again) {
		this.#end();
		const button = element("button.quiet", { type: "button" }, "Ask again");
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

	/** Not for each piece: the screen shows no more than one picture at a time. */
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
 * A question on the page.
 */
export function question(text) {
	return element("article.turn.user", { "aria-label": "Your question" }, element("p", text));
}

/**
 * Tells screen readers what is written, a sentence at a time: a text that is painted anew with each word would be read
 * from its beginning each time.
 */
export class Announcer {

	#node;
	#told = 0;

	constructor(node) {
		this.#node = node;
	}

	begin() {
		this.#told = 0;
		this.#node.replaceChildren();
	}

	tell(text, whole) {
		const news = text.slice(this.#told);
		const end = whole ? news.length : lastEnd(news);
		if (end > 0) {
			this.say(render(news.slice(0, end)).textContent);
			this.#told += end;
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

/** Each source has the number of its marks in the text; those without a mark come last. */
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

function details(known) {
	const tokens = known.tokens;
	const all = tokens.input + tokens.cached + tokens.images + tokens.output + tokens.reasoning;
	const rows = [
		["Model", known.requestedModel && known.requestedModel !== known.model
			? `${known.requestedModel} was asked, ${known.model} answered` : known.model],
		["Endpoint", known.api],
		["Tokens", [[tokens.input, "read"], [tokens.cached, "from xAI's cache"], [tokens.images, "of images"],
			[tokens.output, "written"], [tokens.reasoning, "thought"]].filter(([count]) => count > 0)
			.map(([count, what]) => `${number(count)} ${what}`).join(", ") + (tokens.estimated ? " (estimated)" : "")],
		["Tools of xAI", Object.entries(tokens.serverTools).map(([tool, count]) => `${tool} × ${count}`).join(", ")],
		["Cost", known.cost ? (known.cost.source === "none" ? "price not known"
			: `$${plain(known.cost.usd)}, ${known.cost.source === "reported" ? "as xAI reports it" : "by the table of prices"}`) : null],
		["First word", known.timeToFirstTokenMillis === undefined ? null : `after ${seconds(known.timeToFirstTokenMillis)}`],
		["Duration", seconds(known.durationMillis)],
		["Attempts", `${known.attempts}` + (known.rounds > 1 ? ` in ${known.rounds} rounds with tools` : "")],
		["Left out", known.scrubbed.join(", ")],
		["Cache of answers", known.cache],
		["Request id", known.requestId]
	];
	const summary = [known.model, known.cost && known.cost.source !== "none" ? dollars(known.cost.usd) : null,
		`${number(all)} tokens`, seconds(known.durationMillis),
		known.attempts > known.rounds ? `${known.attempts} attempts` : null].filter(Boolean).join(" · ");
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

/** All digits, without zeros at the end. */
function plain(usd) {
	return usd.includes(".") ? usd.replace(/0+$/, "").replace(/\.$/, "") : usd;
}

/** Enough digits to see that an answer costs something. */
export function dollars(usd) {
	const amount = Number(usd);
	return `$${amount === 0 ? "0.00" : amount >= 0.1 ? amount.toFixed(2) : amount.toPrecision(2)}`;
}
