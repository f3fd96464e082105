import { Announcer, Answer, question } from "./answer.js";
import { ask, Problem, send } from "./events.js";
import { offerFaults } from "./faults.js";
import { watch } from "./status.js";

const page = Object.fromEntries(["conversation", "welcome", "announcer", "question", "message", "client", "search", "send",
	"stop", "begin-anew"].map((id) => [id, document.getElementById(id)]));
const announcer = new Announcer(page.announcer);
const refreshStatus = watch();
let conversation = rememberedConversation();
let underWay = null;

offerFaults(refreshStatus).catch(() => {
	// the page works without
});
showEarlierTurns().catch(() => {
	// a conversation that cannot be shown begins anew to the eye; the application still knows it
});
page.message.focus({ preventScroll: true });

page.question.addEventListener("submit", (event) => {
	event.preventDefault();
	const text = page.message.value.trim();
	if (underWay === null && text) {
		page.message.value = "";
		run({ message: text, client: page.client.value, search: page.search.checked });
	}
});

page.message.addEventListener("keydown", (event) => {
	// an Enter that ends the composition of a character is not meant for us
	if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
		event.preventDefault();
		page.question.requestSubmit();
	}
});

document.addEventListener("keydown", (event) => {
	if (event.key === "Escape") {
		underWay?.abort();
	}
});

page.stop.addEventListener("click", () => underWay?.abort());

page["begin-anew"].addEventListener("click", () => {
	underWay?.abort();
	// what it was about is nobody's business any more; if the application is gone, so is its memory
	send(`/api/conversations/${conversation}`, { method: "DELETE" }).catch(() => {});
	conversation = newConversation();
	page.conversation.replaceChildren(page.welcome);
	announcer.begin();
	page.message.focus();
});

for (const suggestion of document.querySelectorAll(".suggestion")) {
	suggestion.addEventListener("click", () => {
		if (underWay === null) {
			page.search.checked = suggestion.dataset.search === "true";
			run({ message: suggestion.textContent, client: page.client.value, search: page.search.checked });
			page.message.focus();
		}
	});
}

async function run(asked) {
	const here = conversation;
	const control = new AbortController();
	underWay = control;
	working(true);
	announcer.begin();
	announcer.say("Asked. Waiting for the answer.");
	page.welcome.remove();
	const answer = new Answer(follow);
	page.conversation.append(question(asked.message), answer.node);
	scrollToEnd();
	try {
		await read(ask("/api/chat/stream", { ...asked, conversationId: here }, control.signal), answer);
	}
	catch (failure) {
		if (control.signal.aborted) {
			answer.stop();
			announcer.say("Stopped.");
		}
		else {
			const problem = failure instanceof Problem ? failure.problem : { title: "The page failed", detail: failure.message };
			answer.fail(problem, () => {
				if (underWay === null) {
					page.message.focus();
					run(asked);
				}
			});
		}
	}
	finally {
		underWay = null;
		working(false);
		refreshStatus();
	}
}

async function read(events, answer) {
	for await (const { name, data } of events) {
		switch (name) {
			case "token":
				answer.write(data.text);
				announcer.tell(answer.text, false);
				break;
			case "reasoning":
				answer.think(data.text);
				break;
			case "tool":
				answer.use(data);
				break;
			case "done":
				announcer.tell(answer.text, true);
				answer.finish(data);
				return;
			case "error":
				throw new Problem(data);
		}
	}
	throw new Problem({ title: "The answer has no end", detail: "The connection was closed too early. Ask again." });
}

function working(yes) {
	const hadFocus = document.activeElement;
	page.stop.hidden = !yes;
	page.send.hidden = yes;
	// whoever had one button goes on with what is in its place
	if (yes && hadFocus === page.send) {
		page.stop.focus();
	}
	else if (!yes && hadFocus === page.stop) {
		page.message.focus();
	}
}

let following = true;

/** Stay at the end while the answer grows, unless the reader has scrolled away from it. */
function follow() {
	if (following) {
		scrollToEnd();
	}
}

function scroller() {
	return page.conversation.scrollHeight > page.conversation.clientHeight + 1
		&& getComputedStyle(page.conversation).overflowY === "auto" ? page.conversation : document.scrollingElement;
}

function scrollToEnd() {
	following = true;
	if (scroller() === page.conversation) {
		page.conversation.scrollTop = page.conversation.scrollHeight;
	}
	else {
		window.scrollTo(0, window.scrollY + page.question.parentElement.getBoundingClientRect().bottom - window.innerHeight);
	}
}

for (const target of [page.conversation, document]) {
	target.addEventListener("scroll", () => {
		const end = scroller() === page.conversation
			? page.conversation.scrollHeight - page.conversation.clientHeight - page.conversation.scrollTop
			: page.question.parentElement.getBoundingClientRect().bottom - window.innerHeight;
		following = end < 120;
	}, { passive: true });
}

function rememberedConversation() {
	return sessionStorage.getItem("conversation") ?? newConversation();
}

/** Nobody can guess it: who knows it can read the conversation. */
function newConversation() {
	const bytes = crypto.getRandomValues(new Uint8Array(16));
	const id = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
	sessionStorage.setItem("conversation", id);
	return id;
}

async function showEarlierTurns() {
	const turns = await (await send(`/api/conversations/${conversation}`)).json();
	if (turns.length === 0 || underWay !== null) {
		return;
	}
	page.welcome.remove();
	for (const turn of turns) {
		if (turn.role === "user") {
			page.conversation.append(question(turn.text));
		}
		else {
			const answer = new Answer(() => {});
			answer.write(turn.text);
			answer.finish({});
			page.conversation.append(answer.node);
		}
	}
	scrollToEnd();
}
