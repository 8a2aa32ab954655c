// Buttons that print the page: <button data-print hidden>. Without script there is the browser's own menu.

for (const button of document.querySelectorAll("button[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
