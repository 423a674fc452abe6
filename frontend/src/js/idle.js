/*
 * Who does nothing for long is logged out. Two minutes before that, a dialog asks whether they are still there; one press
 * tells the server so. `data-idle` of the dialog is after how many seconds the session ends, `data-here` what to ask for.
 */
const WARN_SECONDS = 120;

export function warnBeforeLogOut(root) {
  const dialog = root.querySelector("dialog[data-idle]");
  const seconds = Number(dialog?.dataset.idle);
  if (!(seconds > WARN_SECONDS)) return;
  let timer;
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => dialog.open || dialog.showModal(), (seconds - WARN_SECONDS) * 1000);
  };
  dialog.addEventListener("close", () => {
    fetch(dialog.dataset.here, { credentials: "same-origin" }).catch(() => {});
    wait();
  });
  root.body.addEventListener("htmx:afterRequest", wait);
  wait();
}
