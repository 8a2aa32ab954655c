// Files by dragging, and how far each has come: <form data-upload> of components/upload.html.
// Each file travels by itself, so that one that fails leaves the others. When all are sent the page is loaded again and
// shows what the office has; an answer of 400 or 413 may carry {"error": "…"} to show beside the file. A failure stays
// on the page with its reason, and with a button to try again where trying again may help; what was sent is shown.
// Files may be dropped anywhere in the [data-upload-zone] around the form; data-upload="own" takes them for itself.

class Upload {
  constructor(form) {
    this.form = form;
    this.inputs = [...form.querySelectorAll("input[type=file]")];
    this.list = form.querySelector("[data-upload-list]");
    this.status = form.querySelector("[data-upload-status]");
    form.addEventListener("submit", (event) => {
      const files = this.inputs.flatMap((input) => [...input.files]);
      if (!files.length) return;
      event.preventDefault();
      this.begin(files);
    });
    for (const input of this.inputs) {
      input.addEventListener("change", () => {
        if (input.files.length) this.begin([...input.files]);
      });
    }
    const zone = (form.dataset.upload !== "own" && form.closest("[data-upload-zone]")) || form;
    for (const name of ["dragenter", "dragover"]) zone.addEventListener(name, (event) => over(event, zone));
    zone.addEventListener("dragleave", (event) => {
      if (!zone.contains(event.relatedTarget)) delete zone.dataset.over;
    });
    zone.addEventListener("drop", (event) => {
      if (event.defaultPrevented) return;
      event.preventDefault();
      delete zone.dataset.over;
      const files = [...event.dataTransfer.files];
      if (files.length) this.begin(this.inputs[0].multiple ? files : files.slice(0, 1));
    });
    form.querySelector("button[type=submit]").hidden = true;
  }

  // Whoever chooses anew has read what went wrong before.
  begin(files) {
    if (!this.busy) this.list.replaceChildren();
    this.send(files);
  }

  async send(files) {
    if (this.busy) return;
    this.busy = true;
    this.reveal();
    for (const input of this.inputs) input.disabled = true;
    let sent = 0;
    for (const file of files) if (await this.one(file)) sent += 1;
    this.busy = false;
    for (const input of this.inputs) {
      input.disabled = false;
      input.value = "";
    }
    const failed = this.list.querySelectorAll("[data-failed]").length;
    if (!failed) location.reload();
    else {
      this.status.textContent = `${failed} 个文件没有传成，原因写在文件名下面`;
      if (sent) await this.refresh();
    }
  }

  reveal() {
    this.list.hidden = false;
    const around = this.form.closest("details");
    if (around) around.open = true;
  }

  one(file) {
    const row = document.createElement("li");
    const name = document.createElement("span");
    const bar = document.createElement("progress");
    name.textContent = file.name;
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", `${file.name} 上传进度`);
    row.append(name, bar);
    this.list.append(row);
    const body = new FormData();
    for (const hidden of this.form.querySelectorAll("input[type=hidden]")) body.append(hidden.name, hidden.value);
    body.append(this.inputs[0].name, file);
    return new Promise((resolve) => {
      const request = new XMLHttpRequest();
      request.open("POST", this.form.action);
      request.setRequestHeader("X-Requested-With", "upload");
      request.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable) bar.value = event.loaded / event.total;
      });
      request.addEventListener("loadend", () => {
        const good = request.status >= 200 && request.status < 300;
        if (good) row.remove();
        else this.explain(row, bar, request, file);
        resolve(good);
      });
      request.send(body);
    });
  }

  explain(row, bar, request, file) {
    const text = document.createElement("span");
    text.className = "field__error";
    text.textContent = reason(request);
    bar.replaceWith(text);
    row.dataset.failed = "";
    if (request.status && request.status < 500) return;
    const again = document.createElement("button");
    again.type = "button";
    again.className = "button button--quiet button--small";
    again.textContent = `再传一次“${file.name}”`;
    again.addEventListener("click", () => {
      row.remove();
      this.send([file]);
    });
    row.append(again);
  }

  // What was sent is shown beside what failed: the parts of the page marked data-upload-fresh, as the office has them.
  async refresh() {
    const section = this.form.closest("[data-upload-zone]");
    if (!section || !section.id) return;
    const answer = await fetch(location.pathname);
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const total = page.querySelector("[data-upload-total]");
    if (total) document.querySelector("[data-upload-total]")?.replaceWith(total);
    const fresh = page.getElementById(section.id)?.querySelectorAll("[data-upload-fresh]") ?? [];
    section.querySelectorAll("[data-upload-fresh]").forEach((old, place) => {
      if (fresh[place] && !old.contains(this.form)) {
        old.replaceWith(fresh[place]);
        watch(fresh[place]);
      }
    });
  }
}

function over(event, zone) {
  if (event.defaultPrevented) return;
  event.preventDefault();
  zone.dataset.over = "";
}

function reason(request) {
  try {
    const { error } = JSON.parse(request.responseText);
    if (error) return error;
  } catch {
    // Not JSON: the status must do.
  }
  if (request.status === 0) return "网络中断，没有传成。";
  if (request.status === 413) return "文件太大，请压缩后重新上传。";
  if (request.status === 401 || request.status === 403) return "登录已过期，请在新标签页登录后再选一次这个文件。";
  return "没有传成。";
}

function watch(part) {
  for (const form of part.querySelectorAll("form[data-upload]")) new Upload(form);
}

watch(document);
// A file that misses its place must not take the page away.
for (const name of ["dragover", "drop"]) window.addEventListener(name, (event) => event.preventDefault());
