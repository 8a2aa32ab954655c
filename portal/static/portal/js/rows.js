// Repeating rows of a Django formset: add, remove, and fill from cells copied out of a spreadsheet.
// Markup: components/rows.html. Without this script the formset's own extra rows and 删除 boxes do the work.

class Rows {
  constructor(root) {
    this.root = root;
    this.prefix = root.dataset.rows;
    this.list = root.querySelector("[data-rows-list]");
    this.template = root.querySelector("[data-rows-template]");
    this.status = root.querySelector("[data-rows-status]");
    this.add = root.querySelector("[data-rows-add]");
    this.total = root.querySelector(`[name="${CSS.escape(this.prefix)}-TOTAL_FORMS"]`);
    this.most = Number(root.querySelector(`[name="${CSS.escape(this.prefix)}-MAX_NUM_FORMS"]`)?.value ?? 1000);
    root.querySelector("[data-rows-paste]").hidden = false;
    for (const row of this.rows) this.prepare(row);
    this.add.type = "button";
    this.add.addEventListener("click", () => this.append()?.querySelector("input, select, textarea")?.focus());
    this.list.addEventListener("click", (event) => {
      const button = event.target.closest("[data-rows-remove]");
      if (button) this.remove(button.closest("[data-rows-row]"));
    });
    this.list.addEventListener("paste", (event) => this.paste(event));
  }

  get rows() {
    return [...this.list.querySelectorAll("[data-rows-row]")];
  }

  get shown() {
    return this.rows.filter((row) => !row.hidden);
  }

  deletion(row) {
    return row.querySelector("[name$='-DELETE']");
  }

  prepare(row) {
    row.querySelector("[data-rows-remove]").hidden = false;
    const box = row.querySelector("[data-rows-delete]");
    if (box) box.hidden = true;
    if (this.deletion(row)?.checked) row.hidden = true;
  }

  append() {
    const number = Number(this.total.value);
    if (number >= this.most) {
      this.say(`最多 ${this.most} 行`);
      return null;
    }
    const holder = document.createElement("template");
    holder.innerHTML = this.template.innerHTML.replaceAll("__prefix__", number);
    const row = holder.content.firstElementChild;
    this.list.append(row);
    this.total.value = number + 1;
    this.prepare(row);
    this.renumber();
    this.changed();
    return row;
  }

  // A row stays in the form, marked for deletion: the formset counts its rows without gaps.
  remove(row) {
    const shown = this.shown;
    const next = shown[shown.indexOf(row) + 1] ?? shown[shown.indexOf(row) - 1];
    const deletion = this.deletion(row);
    if (deletion) deletion.checked = true;
    else for (const field of this.fields(row)) field.value = "";
    row.hidden = Boolean(deletion);
    this.renumber();
    this.say("已删除一行");
    this.changed();
    (next?.querySelector("[data-rows-remove]") ?? this.add).focus();
  }

  renumber() {
    this.shown.forEach((row, index) => {
      const place = row.querySelector("[data-rows-number]");
      place.textContent = index + 1;
      row.setAttribute("aria-label", place.parentElement.textContent.trim().replace(/\s+/g, " "));
    });
  }

  fields(row) {
    const inputs = row.querySelectorAll(".rows__fields :is(input, select, textarea)");
    return [...inputs].filter((field) => !["hidden", "file", "checkbox", "radio"].includes(field.type));
  }

  paste(event) {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const cells = text.replace(/\r?\n$/, "").split(/\r?\n/).map((line) => line.split("\t"));
    if (cells.length === 1 && cells[0].length === 1) return;
    const first = event.target.closest("[data-rows-row]");
    const column = this.fields(first).indexOf(event.target);
    if (column < 0) return;
    event.preventDefault();
    let row = first;
    let filled = 0;
    let left = 0;
    for (const line of cells) {
      if (!row) break;
      left += this.fill(row, column, line);
      filled += 1;
      const shown = this.shown;
      row = filled < cells.length ? shown[shown.indexOf(row) + 1] ?? this.append() : row;
    }
    const problems = left ? `，其中 ${left} 格没有对应的选项或列，请核对` : "";
    this.say(filled < cells.length ? `填入 ${filled} 行，其余超过行数上限` : `已从表格填入 ${filled} 行${problems}`);
    this.changed();
  }

  // How many cells found no place.
  fill(row, column, line) {
    const fields = this.fields(row).slice(column);
    let left = Math.max(line.length - fields.length, 0);
    fields.slice(0, line.length).forEach((field, index) => {
      const text = line[index].trim();
      if (field instanceof HTMLSelectElement) {
        const option = [...field.options].find((one) => one.text.trim() === text || one.value === text);
        if (option) field.value = option.value;
        else if (text) left += 1;
      } else {
        field.value = field.type === "date" ? isoDay(text) : text;
        if (text && !field.value) left += 1;
      }
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
    return left;
  }

  say(text) {
    this.status.textContent = text;
    this.status.classList.remove("visually-hidden");
  }

  changed() {
    this.root.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

// “2026年3月5日”, “2026/3/5”, “2026.3.5” as a spreadsheet writes them.
function isoDay(text) {
  const parts = text.match(/^(\d{4})\D+(\d{1,2})\D+(\d{1,2})\D*$/);
  if (!parts) return text;
  const [, year, month, day] = parts;
  return `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
}

for (const root of document.querySelectorAll("[data-rows]")) new Rows(root);
