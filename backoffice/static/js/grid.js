/* <line-grid>: a spreadsheet's hands with a form's manners. Rows are real inputs; this only adds, moves, sums. */
import { amount, rounded, shown } from "./reading.js";

const tell = text => document.dispatchEvent(new CustomEvent("tell", { detail: { text } }));

class LineGrid extends HTMLElement {
  connectedCallback() {
    if (this.ready) return; this.ready = true;
    this.body = this.querySelector("tbody"); this.blank = this.querySelector("template");
    this.count = this.querySelector('[name$="-TOTAL_FORMS"]'); this.places = Number(this.dataset.places ?? 2);
    this.removed = [];
    this.addEventListener("keydown", e => this.keys(e));
    this.addEventListener("paste", e => this.paste(e));
    this.addEventListener("input", () => this.total());
    this.addEventListener("change", () => this.total());
    this.addEventListener("click", e => {
      const del = e.target.closest(".del"), use = e.target.closest("[data-use]");
      if (del) this.drop(del.closest("tr"));
      if (e.target.closest("[data-add]")) { this.add(); this.go(this.rows().length - 1, 0); }
      if (use) { const x = document.getElementById(use.dataset.for); x.value = use.dataset.use; x.focus(); this.changed(x); }
    });
    this.total();
  }

  rows() { return [...this.body.querySelectorAll("tr.row:not([hidden])")]; }
  cells(row) { return [...row.querySelectorAll('input:not([type=hidden]):not(.off):not(.pick), select')]; }
  go(r, c) { const x = this.rows()[r] && this.cells(this.rows()[r])[c]; x?.focus(); x?.select?.(); }
  changed(x) { x.dispatchEvent(new Event("input", { bubbles: true })); }

  add() {
    const n = Number(this.count.value), made = this.blank.content.cloneNode(true);
    for (const x of made.querySelectorAll("*")) for (const a of [...x.attributes]) if (a.value.includes("__prefix__")) x.setAttribute(a.name, a.value.replaceAll("__prefix__", n));
    this.body.append(made); this.count.value = n + 1; this.renumber();
  }

  renumber() {
    this.rows().forEach((r, i) => {
      r.querySelector(".rn").textContent = i + 1;
      const order = r.querySelector('[name$="-ORDER"]'); if (order) order.value = i + 1;
      for (const x of this.cells(r)) { const l = x.dataset.label; if (l) x.setAttribute("aria-label", `${l}, line ${i + 1}`); }
    });
  }

  /* A removed line stays in the form, marked: the server deletes it, and Ctrl Z brings it back. */
  drop(row) {
    if (!row) return;
    row.querySelector('[name$="-DELETE"]').checked = true; row.hidden = true;
    const note = row.nextElementSibling; if (note?.matches(".msg")) note.hidden = true;
    this.removed.push(row);
    if (!this.rows().length) this.add();
    this.renumber(); this.total(); this.changed(this.count);
    document.dispatchEvent(new CustomEvent("tell", { detail: { text: "Line removed.", undo: () => this.restore() } }));
  }

  restore() { const row = this.removed.pop(); if (!row) return; row.hidden = false; row.querySelector('[name$="-DELETE"]').checked = false; this.renumber(); this.total(); this.changed(this.count); this.cells(row)[0]?.focus(); }

  move(r, by) {
    const row = this.rows()[r], to = this.rows()[r + by]; if (!to) return;
    const focus = document.activeElement, note = row.nextElementSibling?.matches(".msg") ? row.nextElementSibling : null;
    if (by < 0) to.before(row); else (to.nextElementSibling?.matches(".msg") ? to.nextElementSibling : to).after(row);
    if (note) row.after(note);
    this.renumber(); this.changed(this.count); focus.focus();
  }

  keys(e) {
    const x = e.target.closest("td input, td select"); if (!x) return;
    const row = x.closest("tr"), r = this.rows().indexOf(row), c = this.cells(row).indexOf(x), last = r === this.rows().length - 1;
    const arrow = { ArrowUp: -1, ArrowDown: 1 }[e.key];
    if (e.altKey && arrow) { e.preventDefault(); this.move(r, arrow); }
    else if (e.ctrlKey && e.key === "Backspace") { e.preventDefault(); this.drop(row); this.go(Math.min(r, this.rows().length - 1), c); }
    else if (e.ctrlKey && e.key.toLowerCase() === "d") { e.preventDefault(); this.copyAbove(r, c); }
    else if (e.altKey || e.ctrlKey || e.metaKey) return;
    else if (e.key === "Enter" || (arrow === 1 && x.tagName !== "SELECT")) { e.preventDefault(); if (last && (e.key === "Enter" || !this.empty(row))) this.add(); this.go(r + 1, c); }
    else if (arrow === -1 && x.tagName !== "SELECT") { e.preventDefault(); this.go(r - 1, c); }
    else if (e.key === "=" && /^(debit|credit)$/.test(x.dataset.k) && !x.value) { e.preventDefault(); this.balance(x); }
    else if (e.key === "Tab" && !e.shiftKey && last && c === this.cells(row).length - 1 && !this.empty(row)) { e.preventDefault(); this.add(); this.go(r + 1, 0); }
  }

  empty(row) { return this.cells(row).every(x => x.tagName === "SELECT" || !x.value || x.value === x.defaultValue); }

  copyAbove(r, c) {
    if (!r) return;
    const from = this.cells(this.rows()[r - 1])[c], to = this.cells(this.rows()[r])[c];
    to.value = from.value;
    const key = [from, to].map(x => x.closest("look-up")?.querySelector("[type=hidden]")); if (key[0] && key[1]) key[1].value = key[0].value;
    this.changed(to); if (key[1]) key[1].value = key[0].value;
  }

  balance(x) {
    x.value = ""; const diff = this.sum("debit") - this.sum("credit"), own = x.dataset.k === "credit" ? diff : -diff;
    if (own > 0) x.value = shown(rounded(own, this.places), this.places);
    this.changed(x);
  }

  paste(e) {
    const text = e.clipboardData.getData("text/plain"); if (!/[\t\n]/.test(text.trim())) return;
    e.preventDefault();
    const row = e.target.closest("tr"), r0 = this.rows().indexOf(row), c0 = this.cells(row).indexOf(e.target), bad = [];
    const block = text.replace(/\r/g, "").replace(/\n+$/, "").split("\n").slice(0, 1000);
    block.forEach((line, i) => {
      while (this.rows().length <= r0 + i) this.add();
      const cells = this.cells(this.rows()[r0 + i]);
      line.split("\t").forEach((v, j) => this.fill(cells[c0 + j], v.trim()) || bad.push(`“${v.trim()}” in line ${r0 + i + 1}`));
    });
    this.total(); this.changed(this.count);
    tell(`${block.length} rows came in.` + (bad.length ? ` Not read: ${bad.slice(0, 3).join(", ")}${bad.length > 3 ? ` and ${bad.length - 3} more` : ""}.` : ""));
  }

  fill(x, v) {
    if (!x) return v === "";
    if (x.tagName === "SELECT") { const o = [...x.options].find(o => v && o.text.toLowerCase().startsWith(v.toLowerCase())); if (o) x.value = o.value; return Boolean(o) || !v; }
    const n = x.dataset.read === "amount" && v ? amount(v) : null;
    x.value = n === null || Number.isNaN(n) ? v : shown(n, Number(x.dataset.places ?? this.places));
    const key = x.closest("look-up")?.querySelector("[type=hidden]"); if (key) key.value = "";  // the server finds the record by the text
    return n === null || !Number.isNaN(n);
  }

  value(x) { const n = amount(x.tagName === "OUTPUT" ? x.dataset.n || "" : x.value); return Number.isFinite(n) ? n : 0; }
  sum(k) { return this.rows().reduce((a, r) => a + [...r.querySelectorAll(`[data-k="${k}"]`)].reduce((b, x) => b + rounded(this.value(x), this.places), 0), 0); }

  total() {
    for (const r of this.rows()) for (const out of r.querySelectorAll("output[data-calc]")) {
      const factors = out.dataset.calc.split("*").map(k => this.value(r.querySelector(`[data-k="${k}"]`)));
      const n = rounded(factors.reduce((a, b) => a * b, 1), this.places);
      out.dataset.n = n; out.textContent = n ? shown(n, this.places) : "";
    }
    for (const el of (this.closest("form") || this).querySelectorAll("[data-sum]")) if (el.dataset.sum !== "diff") el.textContent = shown(rounded(this.sum(el.dataset.sum), this.places), this.places);
    this.say();
  }

  say() {
    const form = this.closest("form") || this, out = form.querySelector('[data-sum="diff"]'), words = form.querySelector("[data-balance]");
    if (!out) return;
    const diff = rounded(this.sum("debit") - this.sum("credit"), this.places);
    out.textContent = shown(Math.abs(diff), this.places); out.className = diff ? "bad" : "good";
    if (words) { words.textContent = diff ? `${diff > 0 ? "Credits" : "Debits"} are short by ${this.dataset.currency || ""} ${shown(Math.abs(diff), this.places)}` : "In balance"; words.className = diff ? "bad" : "good"; }
  }
}

customElements.define("line-grid", LineGrid);
