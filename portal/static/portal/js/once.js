// A form is sent once: while it is on its way its buttons rest; coming back to the page (history) wakes them again.
// The server refuses a repeated step by itself (409); this only spares people that page.

const sending = new WeakSet();

function rest(form) {
  for (const button of form.querySelectorAll("button:not([type=button])")) {
    button.setAttribute("aria-disabled", "true");
    if (button === document.activeElement) button.setAttribute("aria-busy", "true");
  }
}

function wake(form) {
  sending.delete(form);
  for (const button of form.querySelectorAll("[aria-disabled]")) {
    button.removeAttribute("aria-disabled");
    button.removeAttribute("aria-busy");
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.hasAttribute("data-hx-post") || form.hasAttribute("data-upload")) return;
  if (sending.has(form)) {
    event.preventDefault();
    return;
  }
  sending.add(form);
  // After the browser has gathered the pressed button's name and value.
  setTimeout(() => {
    if (event.defaultPrevented) wake(form);
    else rest(form);
  });
});

window.addEventListener("pageshow", () => {
  for (const form of document.forms) wake(form);
});
