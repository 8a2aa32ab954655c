// Keeps a draft: <form data-autosave-url="…"> is posted a moment after the last change, and [data-autosave-status] says so.
// Answers: 2xx saved; 409 someone (or another tab) saved a newer version, nothing is overwritten; 401, 403 or a redirect
// to sign-in: the session has ended. Anything else is tried again, and the page keeps what was typed.

const PAUSE_MS = 1500;
const RETRY_MS = [5000, 15000, 30000];
const CHECK_MS = 60000;

const clock = () => new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });

class Draft {
  constructor(form) {
    this.form = form;
    this.status = form.querySelector("[data-autosave-status]") ?? document.querySelector("[data-autosave-status]");
    this.saved = this.snapshot();
    this.failures = 0;
    this.stopped = false;
    form.addEventListener("input", () => this.later(PAUSE_MS));
    form.addEventListener("change", () => this.later(PAUSE_MS));
    form.addEventListener("submit", () => this.leave());
    addEventListener("online", () => this.later(0));
    addEventListener("visibilitychange", () => this.flush());
    addEventListener("pageshow", () => { this.leaving = false; });
    addEventListener("beforeunload", (event) => this.warn(event));
  }

  // Files are sent by their own form; a draft is words.
  fields() {
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(this.form)) if (typeof value === "string") fields.append(name, value);
    return fields;
  }

  snapshot() {
    return this.fields().toString();
  }

  get changed() {
    return !this.stopped && this.snapshot() !== this.saved;
  }

  later(pause) {
    clearTimeout(this.timer);
    if (!this.leaving && !this.stopped) this.timer = setTimeout(() => this.save(), pause);
  }

  leave() {
    this.leaving = true;
    clearTimeout(this.timer);
  }

  flush() {
    if (document.visibilityState === "hidden" && this.changed && !this.leaving) this.save({ keepalive: true });
  }

  warn(event) {
    if (this.changed && !this.leaving && this.failures > 0) event.preventDefault();
  }

  say(state, text) {
    if (!this.status) return;
    this.status.dataset.state = state;
    if (this.status.textContent !== text) this.status.textContent = text;
  }

  async save({ keepalive = false } = {}) {
    if (this.busy) return this.later(PAUSE_MS);
    if (!this.changed) return undefined;
    const sent = this.fields();
    this.busy = true;
    try {
      const answer = await fetch(this.form.dataset.autosaveUrl, {
        method: "POST",
        body: sent,
        keepalive,
        headers: { "X-CSRFToken": sent.get("csrfmiddlewaretoken") ?? "", "X-Requested-With": "autosave" },
      });
      if (answer.status === 409) return this.stale();
      if (answer.redirected || answer.status === 401 || answer.status === 403) return this.signedOut();
      if (!answer.ok) throw new Error(`draft not saved: ${answer.status}`);
      this.take(answer.headers.get("X-Draft-Version"), sent);
      this.failures = 0;
      this.say("saved", `已自动保存 ${clock()}`);
      if (this.changed) this.later(PAUSE_MS);
    } catch {
      const wait = RETRY_MS[Math.min(this.failures, RETRY_MS.length - 1)];
      this.failures += 1;
      this.say("failed", "未能保存，内容仍在本页，正在重试");
      this.later(wait);
    } finally {
      this.busy = false;
    }
    return undefined;
  }

  // The version that the server gives with each save tells two tabs apart; it travels back in the field of that name.
  take(version, sent) {
    const field = this.form.elements.namedItem("draft_version");
    if (version && field) {
      field.value = version;
      sent.set("draft_version", version);
    }
    this.saved = sent.toString();
  }

  stale() {
    this.stopped = true;
    const notice = document.querySelector("[data-autosave-stale]");
    if (notice) {
      notice.hidden = false;
      notice.focus();
    }
    this.say("failed", "这份草稿已在别处改过，本页没有覆盖它。请先复制本页新填的内容，再刷新查看。");
  }

  signedOut() {
    this.failures += 1;
    this.say("failed", "登录已过期，内容仍在本页。请在新标签页登录，这里会接着保存。");
    this.later(CHECK_MS);
  }
}

for (const form of document.querySelectorAll("form[data-autosave-url]")) new Draft(form);
