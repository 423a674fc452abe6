/* After a refusal the list of problems gets the focus, else a notice about what is new on the page; a problem's link goes to the control itself, label in view. */
const CONTROL = "input:not([type=hidden]), select, textarea";

export function focusOnProblems(root) {
  const summary = root.querySelector("[data-error-summary]");
  if (!summary) {
    root.querySelector("[data-notice]")?.focus();
    return;
  }
  summary.focus();
  summary.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const target = link && root.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!target) return;
    const control = target.matches(CONTROL) ? target : target.querySelector(CONTROL);
    if (!control) return;
    event.preventDefault();
    control.focus({ preventScroll: true });
    (control.closest(".rh-field") ?? control).scrollIntoView({ block: "start" });
  });
}
