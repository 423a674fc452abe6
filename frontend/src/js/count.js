/* How many characters are left, at once for the eye and after a pause for the ear. `data-count` holds the limit. */
const PAUSE = 1000;

function sentence(line, left) {
  const text = left < 0 ? line.dataset.over : line.dataset.left;
  return text.replace("{n}", new Intl.NumberFormat(document.documentElement.lang).format(Math.abs(left)));
}

export function countCharacters(root) {
  for (const area of root.querySelectorAll("textarea[data-count]")) {
    const line = root.getElementById(`${area.id}-count`);
    if (!line) continue;
    const spoken = root.createElement("span");
    spoken.className = "rh-hidden";
    spoken.setAttribute("role", "status");
    line.after(spoken);
    let timer = 0;
    const show = () => {
      const left = Number(area.dataset.count) - area.value.length;
      line.textContent = sentence(line, left);
      line.dataset.state = left < 0 ? "over" : "fine";
      return left;
    };
    area.addEventListener("input", () => {
      const left = show();
      clearTimeout(timer);
      timer = setTimeout(() => (spoken.textContent = sentence(line, left)), PAUSE);
    });
    if (area.value) show();
  }
}
