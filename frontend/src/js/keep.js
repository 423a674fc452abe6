/*
 * Keeps what somebody types until it is sent, so that a lost connection costs nothing. In: forms with `data-keep`
 * ("action|token"). Out: the typed values back in the form, and a notice that says so.
 * Always holds: sessionStorage of this tab only; never a private field, a file or a secret; what the server has since
 * taken in (another token) is thrown away; logging out throws everything away.
 */
const PREFIX = "rh:keep:";
const SKIPPED = new Set(["csrfmiddlewaretoken", "token"]);
const LATER = 400;

function controls(form) {
  return [...form.elements].filter(
    (one) =>
      one.name &&
      !SKIPPED.has(one.name) &&
      !["file", "password", "submit", "button", "fieldset"].includes(one.type) &&
      !one.classList.contains("rh-private"),
  );
}

function read(form) {
  const values = {};
  for (const one of controls(form)) {
    const box = one.type === "checkbox" || one.type === "radio";
    values[one.name] ??= [];
    if (!box || one.checked) values[one.name].push(one.value);
  }
  return values;
}

function write(form, values) {
  let changed = false;
  const turn = {};
  for (const one of controls(form)) {
    const kept = values[one.name];
    if (!Array.isArray(kept)) continue;
    if (one.type === "checkbox" || one.type === "radio") {
      const checked = kept.includes(one.value);
      changed ||= one.checked !== checked;
      one.checked = checked;
      continue;
    }
    turn[one.name] = (turn[one.name] ?? -1) + 1;
    const value = kept[turn[one.name]];
    if (typeof value !== "string" || one.value === value) continue;
    one.value = value;
    changed = true;
  }
  return changed;
}

function store(key, token, form) {
  try {
    sessionStorage.setItem(key, JSON.stringify({ token, values: read(form) }));
  } catch {
    // A full or forbidden store only means that nothing is kept.
  }
}

/** Whether what the form was made with (which row is whose) is still the same: else the values are about others. */
function isAbout(form, values) {
  return controls(form).every((one) => one.type !== "hidden" || (values[one.name] ?? [one.value]).includes(one.value));
}

function restore(key, token, form) {
  let kept = null;
  try {
    kept = JSON.parse(sessionStorage.getItem(key) ?? "null");
  } catch {
    sessionStorage.removeItem(key);
  }
  if (!kept) return;
  if (kept.token !== token || !isAbout(form, kept.values)) sessionStorage.removeItem(key);
  else if (write(form, kept.values)) say(form, form.dataset.restored, "info");
}

/** Shows a sentence above the questions of a form; screen readers hear it. */
export function say(form, sentence, kind) {
  const place = form.querySelector(".rh-form__said");
  if (!place || !sentence) return;
  const box = document.createElement("div");
  box.className = `rh-notice ${kind === "info" ? "" : "rh-notice--ask"}`.trim();
  const line = document.createElement("p");
  line.textContent = sentence;
  box.append(line);
  place.replaceChildren(box);
}

export function keepAnswers(root) {
  for (const form of root.querySelectorAll("form[data-keep]")) {
    const [action, token] = form.dataset.keep.split("|");
    const key = PREFIX + action;
    restore(key, token, form);
    let timer = 0;
    const later = () => {
      clearTimeout(timer);
      timer = setTimeout(() => store(key, token, form), LATER);
    };
    form.addEventListener("input", later);
    form.addEventListener("change", later);
    form.addEventListener("submit", () => store(key, token, form));
  }
  for (const form of root.querySelectorAll("form[data-forget]")) {
    form.addEventListener("submit", () => {
      for (const key of Object.keys(sessionStorage)) if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
    });
  }
}
