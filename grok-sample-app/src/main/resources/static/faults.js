import { send } from "./events.js";

/**
 * Simulates faults of the mock of xAI, if there is one.
 * @param {function(): void} changed called when the fault has changed
 */
export async function offerFaults(changed) {
	const drawer = document.getElementById("faults");
	if (drawer === null) {
		return;
	}
	if (matchMedia("(max-width: 56rem)").matches) {
		drawer.open = false;
	}
	const state = document.getElementById("fault-state");
	drawer.addEventListener("change", async (event) => {
		try {
			await send("/api/fault", {
				method: "PUT",
				headers: { "content-type": "application/json" },
				body: JSON.stringify({ fault: event.target.value })
			});
			const name = event.target.closest("label").querySelector("strong").textContent;
			state.textContent = event.target.value === "none" ? "No fault is simulated." : `Simulating: ${name}.`;
			changed();
		}
		catch (failure) {
			state.textContent = failure.message;
		}
	});
	const { fault } = await (await send("/api/fault")).json();
	drawer.querySelector(`input[value="${CSS.escape(fault)}"]`).checked = true;
}
