import { Announcer, Answer, question } from "./answer.js";
import { ask, Problem, send } from "./events.js";
import { offerFaults } from "./faults.js";
import { watch } from "./status.js";

const page = Object.fromEntries(["conversation", "welcome", "announcer", "question", "message", "client", "search", "send",
	"stop", "new-conversation"].map((id) => [id, document.getElementById(id)]));
const announcer = new Announcer(page.announcer);
const refreshStatus = watch();
let conversation = rememberedConversation();
let inProgress = null;

offerFaults(refreshStatus).catch(() => {
	// the page works without faults
});
showEarlierTurns().catch(() => {
	// the page starts empty, the application keeps the conversation
});
page.message.focus({ preventScroll: true });

page.question.addEventListener("submit", (event) => {
	event.preventDefault();
	const text = page.message.value.trim();
	if (inProgress === null && text) {
		page.message.value = "";
		run({ message: text, client: page.client.value, search: page.search.checked });
	}
});

page.message.addEventListener("keydown", (event) => {
	// Enter that ends the composition of a character does not submit
	if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
		event.preventDefault();
		page.question.requestSubmit();
	}
});

document.addEventListener("keydown", (event) => {
	if (event.key === "Escape") {
		inProgress?.abort();
	}
});

page.stop.addEventListener("click", () => inProgress?.abort());

page["new-conversation"].addEventListener("click", () => {
	inProgress?.abort();
	// if the application is not running, its memory is gone as well
	send(`/api/conversations/${conversation}`, { method: "DELETE" }).catch(() => {});
	conversation = newConversation();
	page.conversation.replaceChildren(page.welcome);
	announcer.begin();
	page.message.focus();
});

for (const suggestion of document.querySelectorAll(".suggestion")) {
	suggestion.addEventListener("click", () => {
		if (inProgress === null) {
			page.search.checked = suggestion.dataset.search === "true";
			run({ message: suggestion.textContent, client: page.client.value, search: page.search.checked });
			page.message.focus();
		}
	});
}

async function run(request) {
	const here = conversation;
	const control = new AbortController();
	inProgress = control;
	working(true);
	announcer.begin();
	announcer.say("Sent. Waiting for the response.");
	page.welcome.remove();
	const answer = new Answer(follow);
	page.conversation.append(question(request.message), answer.node);
	scrollToEnd();
	try {
		await read(ask("/api/chat/stream", { ...request, conversationId: here }, control.signal), answer);
	}
	catch (failure) {
		if (control.signal.aborted) {
			answer.stop();
			announcer.say("Stopped.");
		}
		else {
			const problem = failure instanceof Problem ? failure.problem : { title: "The page failed", detail: failure.message };
			answer.fail(problem, () => {
				if (inProgress === null) {
					page.message.focus();
					run(request);
				}
			});
		}
	}
	finally {
		inProgress = null;
		working(false);
		refreshStatus();
	}
}

async function read(events, answer) {
	for await (const { name, data } of events) {
		switch (name) {
			case "token":
				answer.write(data.text);
				announcer.announce(answer.text, false);
				break;
			case "reasoning":
				answer.think(data.text);
				break;
			case "tool":
				answer.use(data);
				break;
			case "done":
				announcer.announce(answer.text, true);
				answer.finish(data);
				return;
			case "error":
				throw new Problem(data);
		}
	}
	throw new Problem({ title: "The response is incomplete", detail: "The connection was closed too early. Try again." });
}

function working(yes) {
	const hadFocus = document.activeElement;
	page.stop.hidden = !yes;
	page.send.hidden = yes;
	// the focus stays on the button in that place
	if (yes && hadFocus === page.send) {
		page.stop.focus();
	}
	else if (!yes && hadFocus === page.stop) {
		page.message.focus();
	}
}

let following = true;

/** Scrolls to the end while the response grows, unless the user has scrolled away from it. */
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

/** The ID is the only protection of the conversation, so it must be unguessable. */
function newConversation() {
	const bytes = crypto.getRandomValues(new Uint8Array(16));
	const id = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
	sessionStorage.setItem("conversation", id);
	return id;
}

async function showEarlierTurns() {
	const turns = await (await send(`/api/conversations/${conversation}`)).json();
	if (turns.length === 0 || inProgress !== null) {
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
