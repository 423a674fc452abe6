/*
 * Small things for who works with many cases: copying a number, printing, and a second step that closes again.
 * `data-copy`: the text to copy, with `data-copied` to say so. `details[data-confirm]`: the second step.
 */
export function copyButtons(root) {
  for (const button of root.querySelectorAll("button[data-copy]")) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
    const said = root.createElement("span");
    said.className = "rh-copied";
    said.setAttribute("role", "status");
    button.after(said);
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      said.textContent = button.dataset.copied ?? "";
      setTimeout(() => (said.textContent = ""), 4000);
    });
  }
}

export function printButtons(root) {
  for (const button of root.querySelectorAll("button[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}

/* A drawing that is wider than the screen opens at its begin, not at its left edge. */
export function openAtBegin(root) {
  for (const drawing of root.querySelectorAll(".rh-process")) {
    const begin = drawing.querySelector(".rh-process__dot");
    if (!begin) continue;
    const [place, frame] = [begin.getBoundingClientRect(), drawing.getBoundingClientRect()];
    drawing.scrollLeft += place.left + place.width / 2 - frame.left - frame.width / 2;
  }
}

export function confirmInPlace(root) {
  for (const step of root.querySelectorAll("details[data-confirm]")) {
    const close = () => {
      step.open = false;
      step.querySelector("summary").focus();
    };
    step.addEventListener("toggle", () => step.open && step.querySelector(".rh-confirm__body button, .rh-confirm__body a")?.focus());
    step.addEventListener("keydown", (event) => event.key === "Escape" && close());
    for (const no of step.querySelectorAll("button[data-close]")) {
      no.hidden = false;
      no.addEventListener("click", close);
    }
  }
}
