/* Says that the connection is gone, and takes it back when it returns. The sentence is `data-offline` of the body. */
export function noticeOffline(root) {
  const sentence = root.body.dataset.offline;
  if (!sentence) return;
  const bar = root.createElement("div");
  bar.className = "rh-offline";
  bar.setAttribute("role", "status");
  bar.hidden = true;
  root.body.prepend(bar);
  const show = () => {
    bar.hidden = navigator.onLine !== false;
    bar.textContent = bar.hidden ? "" : sentence;
  };
  window.addEventListener("online", show);
  window.addEventListener("offline", show);
  show();
}
