/**
 * Creates an element. Text is never interpreted as markup.
 * @param {string} name name of the element, followed by classes: "p.hint"
 * @param {...(Node|string|Object|null|undefined)} content children, and objects with attributes
 * @returns {HTMLElement}
 */
export function element(name, ...content) {
	const [tag, ...classes] = name.split(".");
	const created = document.createElement(tag);
	if (classes.length > 0) {
		created.className = classes.join(" ");
	}
	for (const part of content) {
		if (part instanceof Node || typeof part === "string") {
			created.append(part);
		}
		else if (part) {
			for (const [key, value] of Object.entries(part)) {
				created.setAttribute(key, value);
			}
		}
	}
	return created;
}

/**
 * Creates a link, or only its text if the URL is invalid.
 */
export function link(address, ...content) {
	let url = null;
	try {
		url = new URL(address);
	}
	catch {
		// not a URL
	}
	if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) {
		return element("span", ...content);
	}
	return element("a", { href: url.href, rel: "noopener noreferrer nofollow", target: "_blank" }, ...content);
}
