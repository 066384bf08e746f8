/* What helps while a form is filled in: its draft is kept, figures are read, and <line-grid> has a spreadsheet's hands
   with a form's manners: rows are real inputs, this only adds, moves, sums. */
const $ = (s, el = document) => el.querySelector(s);
const $$ = (s, el = document) => [...el.querySelectorAll(s)];
const lang = document.documentElement.lang || "en-GB";
const say = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));
const part = name => import($(`meta[name="js-${name}"]`).content);

/* ---- Drafts: 800 ms after the last key a changed form posts itself to its draft; without a line it waits here. */
const timers = new WeakMap();
const held = form => `draft:${form.dataset.draft}`;
const forms = () => $$("form[data-draft]");
async function keep(form) {
  const body = new FormData(form), stamp = $("[data-kept]");
  const told = words => { if (stamp) { stamp.hidden = false; $("span", stamp).textContent = words; } };
  try {
    const answer = await fetch(form.dataset.draft, { method: "POST", body, headers: { "X-CSRFToken": $('meta[name="csrf"]').content, "HX-Request": "true" } });
    if ([401, 403].includes(answer.status)) say("ended");
    if (!answer.ok) throw new Error(String(answer.status));
    form.dataset.dirty = ""; sessionStorage.removeItem(held(form));
    told(`Draft kept, ${new Date().toLocaleTimeString(lang)}`);
  } catch {
    if (form.dataset.private === undefined) sessionStorage.setItem(held(form), JSON.stringify([...body].filter(([k, v]) => typeof v === "string" && k !== "csrfmiddlewaretoken")));
    told("Not kept yet: no connection");
  }
}
function typed(x) {
  const form = x.closest("form[data-draft]"); if (!form || x.closest("[data-no-draft]")) return;
  form.dataset.dirty = "yes"; clearTimeout(timers.get(form)); timers.set(form, setTimeout(() => keep(form), 800));
}
document.addEventListener("input", e => typed(e.target));
const now = document.activeElement; if (now.defaultValue !== now.value) typed(now);  // typed before this came
const sent = form => { form.dataset.sent = "yes"; setTimeout(() => delete form.dataset.sent, 8000); };
document.addEventListener("submit", e => { if (!e.defaultPrevented) sent(e.target); });
document.addEventListener("click", e => { const b = e.target.closest("form[data-draft] [type=submit]"); if (b) sent(b.form); });
addEventListener("online", () => forms().forEach(f => { if (f.dataset.dirty) keep(f); }));
addEventListener("offline", () => say("tell", { text: "No connection. What you type is kept in this tab.", bad: true }));
addEventListener("beforeunload", e => { if (forms().some(f => f.dataset.dirty && !f.dataset.sent)) e.preventDefault(); });

/* What waited here while the line was down is put back into its form. */
for (const form of forms()) {
  const text = sessionStorage.getItem(held(form)); if (!text) continue;
  for (const [name, value] of JSON.parse(text)) { const x = form.elements[name]; if (x && "value" in x && !/^(version|idempotency_key)$/.test(name) && x.type !== "checkbox") x.value = value; }
  form.dataset.dirty = "yes"; keep(form); say("tell", { text: "What you typed while the line was down is back." });
}

/* ---- Figures: the same rules as backoffice/ui/reading.py, which has the last word. */
const parts = new Intl.NumberFormat(lang).formatToParts(12345.6);
const decimal = parts.find(p => p.type === "decimal")?.value || ".";

/* "1,250.00", "(50)", "12.5k", "2m", "£4" and "1200*1.2" as a number; NaN when it cannot be read. */
function amount(text) {
  let t = String(text).replace(/[\s\u00a0\u202f£$€]|[A-Z]{3}/g, "").replace(/−/g, "-");
  if (!t) return NaN;
  const inBrackets = t.match(/^\(([^()]+)\)$/);
  if (inBrackets) return -amount(inBrackets[1]);
  const factors = t.split(/([*/+])|(?<=[\dkm.,])(-)/i).filter(x => x !== undefined && x !== "");
  if (factors.length % 2 === 0) return NaN;
  const terms = [single(factors[0])];
  for (let i = 1; i < factors.length; i += 2) {
    const n = single(factors[i + 1]), last = terms.length - 1;
    if (factors[i] === "*") terms[last] *= n;
    else if (factors[i] === "/") terms[last] /= n;
    else terms.push(factors[i] === "-" ? -n : n);
  }
  return terms.reduce((a, n) => a + n, 0);
}

/* One figure: the last of "," and "." is the decimal sign when both stand there; else the user's language decides. */
function single(text) {
  const m = String(text).match(/^([+-]?)([\d.,']+)([km]?)$/i);
  if (!m) return NaN;
  let d = m[2].replace(/'/g, "");
  const comma = d.lastIndexOf(","), point = d.lastIndexOf(".");
  let sign = decimal;
  if (comma >= 0 && point >= 0) sign = comma > point ? "," : ".";
  else if (/^\d{1,3}([.,]\d{3}){2,}$/.test(d)) sign = comma >= 0 ? "." : ",";
  else if (comma >= 0 && !/^\d{1,3}(,\d{3})+$/.test(d)) sign = ",";
  else if (point >= 0 && !/^\d{1,3}(\.\d{3})+$/.test(d)) sign = ".";
  d = d.replaceAll(sign === "," ? "." : ",", "").replace(",", ".");
  return (m[1] === "-" ? -1 : 1) * Number(d) * ({ k: 1e3, m: 1e6 }[m[3].toLowerCase()] || 1);
}

const shown = (n, places = 2) => Number.isFinite(n) ? n.toLocaleString(lang, { minimumFractionDigits: places > 2 ? 0 : places, maximumFractionDigits: places }) : "";
/* Sums are made of whole pennies, so that 0.1 + 0.2 is 0.30. */
const rounded = (n, places = 2) => Math.sign(n) * Math.round(Math.abs(n) * 10 ** places + 1e-7) / 10 ** places;

/* The reading is shown on leaving the field; what cannot be read is left as typed, the server says why. */
document.addEventListener("change", e => {
  if (e.target.dataset?.read !== "amount" || !e.target.value) return;
  const n = amount(e.target.value); if (Number.isFinite(n)) e.target.value = shown(n, Number(e.target.dataset.places ?? 2));
});

/* ---- Lines. */
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
    say("tell", { text: "Line removed.", undo: () => this.restore() });
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
    e.preventDefault(); const cell = e.target;
    part("pasting").then(m => say("tell", { text: m.paste(this, cell, text, { amount, shown }) }), () => say("tell", { text: "No connection: paste it again in a moment.", bad: true }));
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
