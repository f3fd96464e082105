import { dollars } from "./answer.js";
import { element } from "./elements.js";
import { send } from "./events.js";

const INTERVAL_MILLIS = 2000;

/**
 * Updates the panel while the page is visible.
 */
export function watch() {
	let timer = 0;
	const tick = async () => {
		clearTimeout(timer);
		await update();
		clearTimeout(timer);
		if (!document.hidden) {
			timer = setTimeout(tick, INTERVAL_MILLIS);
		}
	};
	document.addEventListener("visibilitychange", () => {
		clearTimeout(timer);
		if (!document.hidden) {
			tick();
		}
	});
	tick();
	return tick;
}

async function update() {
	const problem = document.getElementById("status-problem");
	try {
		const response = await send("/api/status");
		show(await response.json());
		problem.hidden = true;
	}
	catch {
		problem.hidden = false;
	}
}

function show(status) {
	const health = document.getElementById("health");
	const code = status.health ?? "unknown";
	health.textContent = code.toLowerCase().replaceAll("_", " ");
	health.className = code === "UP" ? "good" : code === "UNKNOWN" || code === "unknown" ? "" : "bad";
	replace("budgets", status.budgets.flatMap(budget));
	replace("limits", status.limits ? limits(status.limits) : []);
	replace("breakers", status.breakers.length > 0 ? [element("h3", "Circuit breakers"),
		element("ul.rows", ...status.breakers.map(breaker))] : []);
}

/** Does not touch unchanged content, so that screen readers keep their position. */
function replace(id, nodes) {
	const place = document.getElementById(id);
	const fresh = element("div", ...nodes);
	if (!place.isEqualNode(Object.assign(fresh, { id }))) {
		place.replaceWith(fresh);
	}
}

function budget(spend) {
	const used = Number(spend.used);
	const limit = Number(spend.limit);
	const name = spend.scope === "all" ? spend.name : `${spend.name}, ${spend.scope}`;
	const text = `${dollars(spend.used)} of ${dollars(spend.limit)}`
		+ (Number(spend.reserved) > 0 ? `, ${dollars(spend.reserved)} reserved` : "");
	return [
		element("h3", `Budget ${name}`),
		element("progress", { max: String(limit), value: String(Math.min(used, limit)), "aria-label": `Budget ${name}: ${text}` }),
		element(spend.exhausted ? "p.bad" : "p", spend.exhausted ? `${text}: exhausted` : text)
	];
}

function limits(now) {
	const rows = [row("In progress", `${now.active}${now.maxConcurrent > 0 ? ` of ${now.maxConcurrent}` : ""}`
		+ (now.queued > 0 ? `, ${now.queued} waiting` : ""))];
	for (const model of now.models) {
		if (model.pausedUntil) {
			rows.push(row(model.model, `paused until ${time(model.pausedUntil)}`, "warn"));
		}
		else if (model.remainingRequests !== undefined || model.remainingTokens !== undefined) {
			rows.push(row(model.model, [
				model.remainingRequests === undefined ? null : `${count(model.remainingRequests)} requests left`,
				model.remainingTokens === undefined ? null : `${count(model.remainingTokens)} tokens left`
			].filter(Boolean).join(", ")));
		}
	}
	return [element("h3", "Requests"), element("ul.rows", ...rows)];
}

function breaker(state) {
	const text = state.state.toLowerCase().replaceAll("_", " ") + (state.until ? ` until ${time(state.until)}` : "");
	return row(`${state.client} → ${state.model}`, text, state.state === "CLOSED" ? "good" : state.state === "OPEN" ? "bad" : "warn");
}

function row(name, value, kind) {
	return element("li", element("span", name), element(kind ? `span.${kind}` : "span", value));
}

function count(amount) {
	return new Intl.NumberFormat("en", { notation: "compact" }).format(amount);
}

function time(instant) {
	return new Date(instant).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
}
