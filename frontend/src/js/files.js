/* Lists the files that were picked, with their size, and says at once which one is too big. Files may be dropped too. */
function size(bytes) {
  const megabytes = bytes / 1_000_000;
  const format = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 });
  return megabytes >= 1 ? `${format.format(megabytes)} MB` : `${format.format(Math.max(1, Math.round(bytes / 1000)))} kB`;
}

function item(file, input) {
  const line = document.createElement("li");
  const name = document.createElement("span");
  const amount = document.createElement("span");
  const tooBig = file.size > Number(input.dataset.max);
  name.className = "rh-picked__name";
  name.textContent = file.name;
  amount.className = "rh-picked__size";
  amount.textContent = tooBig ? `${size(file.size)}: ${input.dataset.tooBig}` : size(file.size);
  if (tooBig) line.dataset.state = "too-big";
  line.append(name, amount);
  return line;
}

export function listFiles(root) {
  for (const input of root.querySelectorAll(".rh-upload__input")) {
    const box = input.closest(".rh-upload");
    const list = box?.querySelector(".rh-picked");
    if (!list) continue;
    const show = () => {
      list.replaceChildren(...[...input.files].map((file) => item(file, input)));
      list.hidden = input.files.length === 0;
    };
    input.addEventListener("change", show);
    for (const kind of ["dragenter", "dragover"]) box.addEventListener(kind, () => (box.dataset.over = "1"));
    for (const kind of ["dragleave", "drop"]) box.addEventListener(kind, () => delete box.dataset.over);
    box.addEventListener("dragover", (event) => event.preventDefault());
    box.addEventListener("drop", (event) => {
      event.preventDefault();
      if (event.dataTransfer?.files.length) {
        input.files = event.dataTransfer.files;
        show();
      }
    });
  }
}
