/* Brings in the map (a large script) only when its place comes into view; without it the page works as it stands. */
export function loadMaps(root) {
  for (const element of root.querySelectorAll("[data-map]")) {
    element.hidden = false;
    const watcher = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        watcher.disconnect();
        begin(element);
      },
      { rootMargin: "200px" },
    );
    watcher.observe(element);
  }
}

async function begin(element) {
  try {
    const sheet = document.createElement("link");
    sheet.rel = "stylesheet";
    sheet.href = element.dataset.css;
    document.head.append(sheet);
    const { start } = await import(element.dataset.script);
    await start(element);
  } catch (error) {
    console.warn(error);
    const line = document.createElement("p");
    line.className = "rh-found__miss";
    line.textContent = element.dataset.failed;
    element.replaceChildren(line);
  }
}
