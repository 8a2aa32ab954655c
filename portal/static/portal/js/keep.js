// Typed text outlives a lost session or a closed connection: the text fields of <form data-keep> are kept in this tab
// (sessionStorage, gone with it) until the server has said that the step is done. Nothing is sent anywhere.

const PREFIX = "keep:";
const form = document.querySelector("form[data-keep]");
const place = form && `${PREFIX}${new URL(form.action, location.href).pathname}`;
const texts = () => [...form.querySelectorAll("textarea, input[type=text], input:not([type])")];

function stored(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key)) ?? {};
  } catch {
    return {};
  }
}

function keep(sent) {
  const values = {};
  for (const field of texts()) if (field.value.trim() && field.value !== field.defaultValue) values[field.name] = field.value;
  try {
    if (Object.keys(values).length || sent) sessionStorage.setItem(place, JSON.stringify({ values, sent }));
    else sessionStorage.removeItem(place);
  } catch {
    // A full or forbidden store: the page works as without it.
  }
}

function forget() {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(PREFIX) && stored(key).sent) sessionStorage.removeItem(key);
}

function restore() {
  const { values = {} } = stored(place);
  const back = texts().filter((field) => values[field.name] && field.value === field.defaultValue && field.value !== values[field.name]);
  // A page that the server sent back with errors holds newer text than the tab does.
  if (!back.length || document.querySelector(".error-summary")) return;
  for (const field of back) field.value = values[field.name];
  const note = document.createElement("p");
  note.className = "quiet small";
  note.setAttribute("role", "status");
  note.textContent = "已恢复您上次在这里填写、还没有提交成功的内容。";
  form.prepend(note);
}

if (document.querySelector(".messages .notice--success")) forget();
if (form) {
  restore();
  form.addEventListener("input", () => keep(false));
  form.addEventListener("submit", () => keep(true));
}
