/*
 * Keys for lists of work: "/" goes to the search, j and k walk through the items of `data-keys`, Enter opens one.
 * Only on pages that have such a list or search, and never while somebody types.
 */
function typing(target) {
  return target.closest?.("input, textarea, select, [contenteditable]") !== null;
}

export function keyboard(root) {
  const list = root.querySelector("[data-keys]");
  const search = root.querySelector("[data-search]");
  if (!list && !search) return;
  const items = () => [...(list?.querySelectorAll("[data-key-item]") ?? [])];
  const move = (step) => {
    const all = items();
    if (!all.length) return;
    const now = all.findIndex((one) => one.hasAttribute("data-key-current"));
    const next = all[now < 0 ? 0 : Math.min(all.length - 1, Math.max(0, now + step))];
    for (const one of all) one.toggleAttribute("data-key-current", one === next);
    (next.matches("a") ? next : next.querySelector("a"))?.focus();
    next.scrollIntoView({ block: "nearest" });
  };
  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (event.key === "/" && search) {
      event.preventDefault();
      search.focus();
    } else if (event.key === "j") move(1);
    else if (event.key === "k") move(-1);
  });
}
