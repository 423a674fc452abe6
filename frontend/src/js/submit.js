/*
 * Sends a form once. A second press while the first is under way does nothing; after a while, or when somebody comes
 * back to the page, the form can be sent again. Without connection nothing is sent and nothing is lost.
 */
import { say } from "./keep.js";

const PATIENCE = 10_000;
const SLOW = 1500;

function release(form) {
  delete form.dataset.sending;
  for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
}

export function guardSubmits(root) {
  root.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (navigator.onLine === false && form.dataset.offline) {
      event.preventDefault();
      say(form, form.dataset.offline, "ask");
      form.querySelector(".rh-form__said")?.scrollIntoView({ block: "center" });
      return;
    }
    if (event.submitter?.hasAttribute("data-download")) return; // The page stays, so the form must stay usable.
    if (form.dataset.sending) {
      event.preventDefault();
      return;
    }
    form.dataset.sending = "1";
    event.submitter?.setAttribute("aria-busy", "true");
    setTimeout(() => form.dataset.sending && say(form, form.dataset.busy, "info"), SLOW);
    setTimeout(() => release(form), PATIENCE);
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) for (const form of root.querySelectorAll("form[data-sending]")) release(form);
  });
}
