/**
 * Make an element. Text goes in as text, never as markup.
 * @param {string} name its name, with classes behind dots: "p.hint"
 * @param {...(Node|string|Object|null|undefined)} content children, and objects of attributes
 * @returns {HTMLElement}
 */
export function element(name, ...content) {
	const [tag, ...classes] = name.split(".");
	const made = document.createElement(tag);
	if (classes.length > 0) {
		made.className = classes.join(" ");
	}
	for (const part of content) {
		if (part instanceof Node || typeof part === "string") {
			made.append(part);
		}
		else if (part) {
			for (const [key, value] of Object.entries(part)) {
				made.setAttribute(key, value);
			}
		}
	}
	return made;
}

/**
 * A link to somewhere else, or just its text where the address is none to follow.
 */
export function link(address, ...content) {
	let url = null;
	try {
		url = new URL(address);
	}
	catch {
		// not an address: text it is
	}
	if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) {
		return element("span", ...content);
	}
	return element("a", { href: url.href, rel: "noopener noreferrer nofollow", target: "_blank" }, ...content);
}
