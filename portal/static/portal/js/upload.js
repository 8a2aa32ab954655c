// Files by dragging, and how far each has come: <form data-upload> of components/upload.html.
// Each file travels by itself, so that one that fails leaves the others. When all are sent the page is loaded again and
// shows what the office has; an answer of 400 or 413 may carry {"error": "…"} to show beside the file.

class Upload {
  constructor(form) {
    this.form = form;
    this.input = form.querySelector("input[type=file]");
    this.list = form.querySelector("[data-upload-list]");
    this.status = form.querySelector("[data-upload-status]");
    this.button = form.querySelector("button[type=submit]");
    form.addEventListener("submit", (event) => {
      if (!this.input.files.length) return;
      event.preventDefault();
      this.send([...this.input.files]);
    });
    this.input.addEventListener("change", () => {
      if (this.input.files.length) this.send([...this.input.files]);
    });
    for (const name of ["dragenter", "dragover"]) form.addEventListener(name, (event) => this.over(event));
    form.addEventListener("dragleave", (event) => {
      if (!form.contains(event.relatedTarget)) delete form.dataset.over;
    });
    form.addEventListener("drop", (event) => {
      event.preventDefault();
      delete form.dataset.over;
      const files = [...event.dataTransfer.files];
      if (files.length) this.send(this.input.multiple ? files : files.slice(0, 1));
    });
    this.button.hidden = true;
  }

  over(event) {
    event.preventDefault();
    this.form.dataset.over = "";
  }

  async send(files) {
    if (this.busy) return;
    this.busy = true;
    this.list.hidden = false;
    this.list.replaceChildren();
    this.input.disabled = true;
    let failed = 0;
    for (const file of files) if (!(await this.one(file))) failed += 1;
    this.busy = false;
    this.input.disabled = false;
    this.input.value = "";
    if (failed) this.status.textContent = `${failed} 个文件没有传成，原因写在文件名下面`;
    else location.reload();
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
    body.append(this.input.name, file);
    return new Promise((resolve) => {
      const request = new XMLHttpRequest();
      request.open("POST", this.form.action);
      request.setRequestHeader("X-Requested-With", "upload");
      request.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable) bar.value = event.loaded / event.total;
      });
      request.addEventListener("loadend", () => {
        const good = request.status >= 200 && request.status < 300;
        if (good) name.textContent = `${file.name}：已上传`;
        else this.explain(row, bar, request);
        resolve(good);
      });
      request.send(body);
    });
  }

  explain(row, bar, request) {
    const text = document.createElement("span");
    text.className = "field__error";
    text.textContent = reason(request);
    bar.replaceWith(text);
  }
}

function reason(request) {
  try {
    const { error } = JSON.parse(request.responseText);
    if (error) return error;
  } catch {
    // Not JSON: the status must do.
  }
  if (request.status === 0) return "网络中断，没有传成，请再选一次这个文件。";
  if (request.status === 413) return "文件太大，请压缩后重新上传。";
  if (request.status === 401 || request.status === 403) return "登录已过期，请在新标签页登录后再选一次这个文件。";
  return "没有传成，请再选一次这个文件。";
}

for (const form of document.querySelectorAll("form[data-upload]")) new Upload(form);
