import { element, link } from "./elements.js";

/*
 * Renders the markdown that models write, by building elements: no text of a model is ever read as HTML. What is not
 * known here stays as it was written.
 */

const FENCE = /^\s{0,3}(```+|~~~+)\s*([\w+#.-]*)/;
const HEADING = /^(#{1,6})\s+(.*?)\s*#*$/;
const RULE = /^\s{0,3}([-*_])(\s*\1){2,}\s*$/;
const QUOTE = /^\s{0,3}>\s?(.*)$/;
const ITEM = /^(\s*)([-*+]|\d{1,9}[.)])\s+(.*)$/;
const TABLE_ROW = /^\s*\|.*\|\s*$/;
const TABLE_LINE = /^\s*\|(\s*:?-+:?\s*\|)+\s*$/;

const INLINE = new RegExp([
	"(?<code>`+)(?<coded>.+?)\\k<code>(?!`)",
	"\\[\\[(?<note>\\d+)\\]\\]\\((?<noted>[^)\\s]+)\\)",
	"\\[(?<label>[^\\[\\]]+)\\]\\((?<target>[^)\\s]+)(?:\\s+\"[^\"]*\")?\\)",
	"(?<bare>https?://[^\\s<>()\\[\\]\"'`]*[^\\s<>()\\[\\]\"'`.,;:!?*_])",
	"\\*\\*(?<strong>(?=\\S).+?\\S?)\\*\\*",
	"\\*(?<em>(?=[^\\s*])[^*]*[^\\s*])\\*",
	"(?<![\\p{L}\\p{N}_])_(?<under>(?=[^\\s_])[^_]*[^\\s_])_(?![\\p{L}\\p{N}_])",
	"~~(?<gone>.+?)~~",
	"\\\\(?<escaped>[\\\\`*_{}\\[\\]()#+.!|~>-])"
].join("|"), "gu");

/**
 * Render a text.
 * @param {string} text markdown
 * @returns {DocumentFragment}
 */
export function render(text) {
	const fragment = document.createDocumentFragment();
	fragment.append(...blocks(text.replace(/\r\n?/g, "\n").split("\n")));
	return fragment;
}

function blocks(lines) {
	const made = [];
	let at = 0;
	while (at < lines.length) {
		const line = lines[at];
		if (line.trim() === "") {
			at++;
			continue;
		}
		const found = fence(lines, at) ?? heading(lines, at) ?? rule(lines, at) ?? table(lines, at) ?? quote(lines, at)
			?? list(lines, at) ?? paragraph(lines, at);
		made.push(found.node);
		at = found.next;
	}
	return made;
}

function fence(lines, at) {
	const opening = FENCE.exec(lines[at]);
	if (!opening) {
		return null;
	}
	let end = at + 1;
	while (end < lines.length && !lines[end].trim().startsWith(opening[1])) {
		end++;
	}
	const label = opening[2] ? `Code, ${opening[2]}` : "Code";
	const code = element("code", lines.slice(at + 1, end).join("\n"));
	// scrolls horizontally, so it must be focusable
	return { node: element("pre", { tabindex: "0", role: "region", "aria-label": label }, code), next: end + 1 };
}

function heading(lines, at) {
	const match = HEADING.exec(lines[at]);
	// the page itself uses the first two levels
	return match && { node: element(`h${Math.min(6, match[1].length + 2)}`, ...inline(match[2])), next: at + 1 };
}

function rule(lines, at) {
	return RULE.test(lines[at]) ? { node: element("hr"), next: at + 1 } : null;
}

function quote(lines, at) {
	const quoted = [];
	let end = at;
	for (let match = QUOTE.exec(lines[end]); match; match = QUOTE.exec(lines[end] ?? "")) {
		quoted.push(match[1]);
		end++;
	}
	return quoted.length > 0 ? { node: element("blockquote", ...blocks(quoted)), next: end } : null;
}

function table(lines, at) {
	if (!TABLE_ROW.test(lines[at]) || !TABLE_LINE.test(lines[at + 1] ?? "")) {
		return null;
	}
	let end = at + 2;
	const rows = [];
	while (end < lines.length && TABLE_ROW.test(lines[end])) {
		rows.push(element("tr", ...cells(lines[end]).map((cell) => element("td", ...inline(cell)))));
		end++;
	}
	const head = element("tr", ...cells(lines[at]).map((cell) => element("th", { scope: "col" }, ...inline(cell))));
	const whole = element("table", element("thead", head), element("tbody", ...rows));
	return { node: element("div.table", whole), next: end };
}

function cells(row) {
	return row.trim().slice(1, -1).split("|").map((cell) => cell.trim());
}

function list(lines, at) {
	const first = ITEM.exec(lines[at]);
	if (!first) {
		return null;
	}
	const indent = first[1].length;
	const ordered = /\d/.test(first[2]);
	const items = [];
	let end = at;
	while (end < lines.length) {
		const item = ITEM.exec(lines[end]);
		if (item && item[1].length <= indent + 1) {
			if (item[1].length < indent || /\d/.test(item[2]) !== ordered) {
				break;
			}
			items.push([item[3]]);
		}
		else if (lines[end].trim() === "") {
			const after = lines[end + 1] ?? "";
			if (!ITEM.test(after) && !/^\s{2,}\S/.test(after)) {
				break;
			}
			items[items.length - 1].push("");
		}
		else if (item || /^\s{2,}/.test(lines[end])) {
			items[items.length - 1].push(lines[end].slice(Math.min(indent + 2, lines[end].search(/\S/))));
		}
		else if (FENCE.test(lines[end]) || HEADING.test(lines[end]) || QUOTE.test(lines[end])) {
			break;
		}
		else {
			items[items.length - 1].push(lines[end]);
		}
		end++;
	}
	const made = element(ordered ? "ol" : "ul", ...items.map((item) => element("li", ...tight(blocks(item)))));
	const start = ordered ? Number.parseInt(first[2], 10) : 1;
	if (start !== 1) {
		made.setAttribute("start", String(start));
	}
	return { node: made, next: end };
}

/** An item of one paragraph needs no paragraph. */
function tight(nodes) {
	return nodes.length > 0 && nodes[0].tagName === "P" ? [...nodes[0].childNodes, ...nodes.slice(1)] : nodes;
}

function paragraph(lines, at) {
	let end = at + 1;
	while (end < lines.length && lines[end].trim() !== "" && !FENCE.test(lines[end]) && !HEADING.test(lines[end])
			&& !QUOTE.test(lines[end]) && !ITEM.test(lines[end]) && !RULE.test(lines[end])) {
		end++;
	}
	return { node: element("p", ...inline(lines.slice(at, end).join("\n"))), next: end };
}

function inline(text) {
	const nodes = [];
	let last = 0;
	for (const match of text.matchAll(INLINE)) {
		if (match.index > last) {
			nodes.push(document.createTextNode(text.slice(last, match.index)));
		}
		nodes.push(span(match.groups));
		last = match.index + match[0].length;
	}
	if (last < text.length) {
		nodes.push(document.createTextNode(text.slice(last)));
	}
	return nodes;
}

function span(groups) {
	if (groups.coded !== undefined) {
		return element("code", groups.coded.trim() || groups.coded);
	}
	if (groups.note !== undefined) {
		return element("sup", link(groups.noted, { "aria-label": `Source ${groups.note}` }, `[${groups.note}]`));
	}
	if (groups.label !== undefined) {
		return link(groups.target, ...inline(groups.label));
	}
	if (groups.bare !== undefined) {
		return link(groups.bare, groups.bare);
	}
	if (groups.strong !== undefined) {
		return element("strong", ...inline(groups.strong));
	}
	if (groups.gone !== undefined) {
		return element("s", ...inline(groups.gone));
	}
	if (groups.escaped !== undefined) {
		return document.createTextNode(groups.escaped);
	}
	return element("em", ...inline(groups.em ?? groups.under));
}
