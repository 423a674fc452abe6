/*
 * Finds street and town while somebody types. In: a button with `data-lookup` (the address of the look-up, which answers
 * JSON) inside the fieldset of an address. Out: the street and town shown and filled in.
 * When the look-up cannot answer, the button sends the form as it does without scripts.
 */
const PARTS = ["postcode", "house_number", "house_letter", "addition"];
const POSTCODE = /^\s*[1-9]\d{3}\s*[a-z]{2}\s*$/i;
const LATER = 250;

function part(box, name) {
  return box.querySelector(`[name$=".${name}"]`);
}

async function ask(url, box) {
  const query = new URLSearchParams(PARTS.map((name) => [name, part(box, name)?.value.trim() ?? ""]));
  const answer = await fetch(`${url}?${query}`, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`address look-up: ${answer.status}`);
  return answer.json();
}

function show(box, found) {
  const place = box.querySelector(".rh-found");
  const template = box.querySelector(found.street ? "template[data-hit]" : "template[data-miss]");
  const copy = template.content.cloneNode(true);
  const text = copy.querySelector("[data-address]");
  if (text) text.textContent = `${found.street}, ${found.city}`;
  place.replaceChildren(copy);
  for (const name of ["street", "city"]) {
    const control = part(box, name);
    if (control && (found[name] || control.type === "hidden")) control.value = found[name] ?? "";
  }
}

export function lookUpAddresses(root) {
  for (const button of root.querySelectorAll("button[data-lookup]")) {
    const box = button.closest("fieldset");
    let last = "";
    const run = async (forced) => {
      const complete = POSTCODE.test(part(box, "postcode").value) && /\d/.test(part(box, "house_number").value);
      const now = PARTS.map((name) => part(box, name)?.value).join("|");
      if (!forced && (!complete || now === last)) return;
      last = now;
      try {
        const found = await ask(button.dataset.lookup, box);
        if (PARTS.map((name) => part(box, name)?.value).join("|") === now) show(box, found);
      } catch {
        last = "";
        if (forced) sendPlainly(button);
      }
    };
    button.addEventListener("click", (event) => {
      if (button.dataset.plain) return;
      event.preventDefault();
      run(true);
    });
    let timer = 0;
    for (const name of PARTS) {
      part(box, name)?.addEventListener("input", () => {
        clearTimeout(timer);
        timer = setTimeout(run, LATER, false);
      });
    }
  }
}

function sendPlainly(button) {
  button.dataset.plain = "1";
  button.form.requestSubmit(button);
  delete button.dataset.plain;
}
