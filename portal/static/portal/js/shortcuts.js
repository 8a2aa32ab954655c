// Keys for those who work here all day: j and k go down and up the rows of table[data-rows-keys], Enter opens, / goes to
// the search field, ? shows this help. An element may add its own: <a data-key="g" data-key-label="准予">.
// Letters are left alone while one types, and with Ctrl, Alt or Meta.

const COMMON = [
  ["j / k", "下一行 / 上一行"],
  ["Enter", "打开这一行"],
  ["/", "到搜索框"],
  ["?", "显示快捷键"],
  ["Esc", "关闭"],
];

const typing = (element) => element.closest("input, select, textarea, [contenteditable], dialog") !== null;

function rows() {
  return [...document.querySelectorAll("table[data-rows-keys] tbody tr")].filter((row) => row.querySelector("a[href]"));
}

function move(step) {
  const all = rows();
  if (!all.length) return false;
  const now = all.findIndex((row) => row.contains(document.activeElement));
  const next = now < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(now + step, 0), all.length - 1);
  const link = all[next].querySelector("a[href]");
  link.focus();
  link.scrollIntoView({ block: "nearest" });
  return true;
}

function search() {
  const field = document.querySelector("[role=search] input:not([type=hidden]), input[type=search]");
  field?.focus();
  field?.select?.();
  return Boolean(field);
}

function help() {
  const dialog = document.getElementById("shortcut-help") ?? build();
  dialog.showModal();
  return true;
}

function build() {
  const own = [...document.querySelectorAll("[data-key]")].map((one) => [
    one.dataset.key,
    one.dataset.keyLabel ?? one.textContent.trim(),
  ]);
  const dialog = document.createElement("dialog");
  dialog.id = "shortcut-help";
  dialog.setAttribute("aria-labelledby", "shortcut-help-title");
  const title = document.createElement("h2");
  title.id = "shortcut-help-title";
  title.textContent = "键盘快捷键";
  const list = document.createElement("dl");
  list.className = "shortcut-list";
  for (const [key, text] of [...own, ...COMMON]) {
    const line = document.createElement("div");
    const term = document.createElement("dt");
    const kbd = document.createElement("kbd");
    const what = document.createElement("dd");
    kbd.textContent = key;
    what.textContent = text;
    term.append(kbd);
    line.append(term, what);
    list.append(line);
  }
  const form = document.createElement("form");
  form.method = "dialog";
  form.className = "actions";
  const close = document.createElement("button");
  close.className = "button button--quiet";
  close.textContent = "关闭";
  form.append(close);
  dialog.append(title, list, form);
  document.body.append(dialog);
  return dialog;
}

function own(key) {
  const element = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!element) return false;
  element.focus();
  if (element.matches("a, summary, button[type=button]")) element.click();
  return true;
}

const KEYS = { j: () => move(1), k: () => move(-1), "/": search, "?": help };

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || typing(event.target)) return;
  const done = KEYS[event.key]?.() ?? own(event.key);
  if (done) event.preventDefault();
});
