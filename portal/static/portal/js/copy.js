// Buttons that copy the text of another element: <button data-copy="id" hidden>. Shown only where copying works.

const SHOWN_MS = 3000;

function label(button, text) {
  const place = button.querySelector("[data-copy-label]");
  const before = place.textContent;
  place.textContent = text;
  setTimeout(() => {
    place.textContent = before;
  }, SHOWN_MS);
}

async function copy(button) {
  const source = document.getElementById(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(source.textContent.trim());
    label(button, "已复制");
  } catch {
    getSelection().selectAllChildren(source);
    label(button, "已选中，请按 Ctrl+C 复制");
  }
}

if (navigator.clipboard) {
  for (const button of document.querySelectorAll("button[data-copy]")) {
    button.hidden = false;
    button.querySelector("[data-copy-label]").setAttribute("aria-live", "polite");
    button.addEventListener("click", () => copy(button));
  }
}
