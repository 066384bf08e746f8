/* What every page does: delegated listeners keyed by data-act, so that all works after a partial swap. What only some
   pages use lies in parts that come when first shown or needed. Nothing of the business is kept in the browser. */
const $ = (s, el = document) => el.querySelector(s);
const $$ = (s, el = document) => [...el.querySelectorAll(s)];
const root = document.documentElement;
const token = () => $('meta[name="csrf"]')?.content || "";
const part = name => import($(`meta[name="js-${name}"]`).content);
const shown = { rows: "tbody .check[name], .tw", form: "line-grid, form[data-draft], [data-read]" };
const near = { "look-up": "lookups", "date-box": "dates" };
const coarse = matchMedia("(pointer: coarse)").matches;
function equip() {
  for (const [name, what] of Object.entries(shown)) if ($$(what).some(x => x.checkVisibility())) part(name);
  if (coarse) $$("date-box input[type=text]").forEach(native);
}
const dialog = (how, ...given) => part("dialogs").then(m => m[how](...given, { equip, ended }));

/* ---- Clicks. What is aria-disabled never acts: focus goes to its reason. */
const acts = {
  open: (el, id) => { const d = document.getElementById(id); d.showModal(); equip(); $("input, [autofocus]", d)?.focus(); if (id === "palette") dialog("palette", d); },
  close: el => el.closest("dialog").close(),
  copy: (el, id) => navigator.clipboard.writeText(document.getElementById(id).textContent).then(() => tell("Copied.")),
  print: () => print(),
  shut: el => el.closest(".toast").remove(),
  field: (el, name) => { const menu = $("details.menu.filter"); menu.open = true; $(`[name="${name}"]`, menu)?.focus(); },
};

document.addEventListener("click", e => {
  const off = e.target.closest('[aria-disabled="true"]');
  if (off) { e.preventDefault(); e.stopImmediatePropagation(); const why = document.getElementById(off.getAttribute("aria-describedby")); if (why) { why.tabIndex = -1; why.focus(); } return; }
  for (const menu of $$("details.menu[open]")) if (!menu.contains(e.target)) menu.open = false;
  const el = e.target.closest("[data-act]"); if (!el) return;
  const [act, arg] = el.dataset.act.split(":");
  if (el.tagName === "A" || el.type === "submit" || act === "ask") e.preventDefault();
  if (act === "ask") dialog("ask", el.href || el.dataset.href);
  else if (acts[act]) acts[act](el, arg);
  else part("rows").then(m => m.acts[act]?.(el, arg));
}, true);

/* ---- Look-ups and dates come when a person comes near one. Phones get their own picker. */
for (const way of ["focusin", "pointerover"]) document.addEventListener(way, async e => {
  const el = e.target.closest?.("look-up, date-box"), x = e.target, was = x.value; if (!el || (coarse && el.localName === "date-box")) return;
  await part(near[el.localName]);
  if (way === "focusin" && x.value !== was) el.typed?.();
});
function native(x) {
  const day = new Date(x.value), button = $("button", x.parentElement); if (button) button.hidden = true;
  x.type = "date"; if (!isNaN(day)) x.value = day.toLocaleDateString("sv");
}

/* ---- Theme, row height, single keys: applied at once, kept in the profile. */
document.addEventListener("submit", e => {
  const form = e.target.closest("form[data-keep]"); if (!form) return;
  e.preventDefault();
  const { name, value } = e.submitter; root.dataset[name] = value;
  $$("button", form).forEach(b => { if (b.name === name && b.hasAttribute("aria-pressed")) b.setAttribute("aria-pressed", b === e.submitter); });
  if (name === "theme") e.submitter.value = value === "dark" ? "light" : "dark";
  const body = new FormData(form); body.set(name, value);
  fetch(form.action, { method: "POST", body, headers: { "X-CSRFToken": token(), "HX-Request": "true" } });
});
document.addEventListener("change", e => { if (e.target.closest("[data-auto]")) e.target.form?.requestSubmit(); });

/* ---- Keys: single letters only outside fields; g-then-letter goes to a domain; j and k move in lists. */
let lead = 0;
const press = key => { const list = $$(`[data-key="${CSS.escape(key)}"]`), row = $(".cur"); const el = list.find(x => row?.contains(x)) || list.find(x => x.offsetParent && !x.closest("tr.row")); if (el) { el.tagName === "DETAILS" ? (el.open = !el.open, $("input, select, a, button", el)?.focus()) : el.click(); } return Boolean(el); };
document.addEventListener("keydown", e => {
  const ctrl = e.ctrlKey || e.metaKey, field = e.target.closest("input:not(.check), select, textarea, [contenteditable]"), key = e.key.toLowerCase();
  if (ctrl && key === "k") { e.preventDefault(); const p = $("#palette"); if (p) p.open ? p.close() : acts.open(p, "palette"); return; }
  if (ctrl && (["s", "enter"].includes(key) || (key === "z" && !field)) && press(`ctrl+${key}`)) return e.preventDefault();
  if (key === "escape" && !$("dialog[open]")) { const menu = $("details.menu[open]"); if (menu) { menu.open = false; $("summary", menu).focus(); } else if (!field && $("tbody .check:checked")) part("rows").then(m => m.acts["pick-none"]()); return; }
  if (field || ctrl || e.altKey || $("dialog[open]") || root.dataset.keys === "off") return;
  if (letters(e) !== false) e.preventDefault();
});

function letters(e) {
  if (Date.now() - lead < 1200) { lead = 0; const a = $(`[data-go="${CSS.escape(e.key)}"]`); if (a) return a.click(); }
  const rows = $$("tr.row, li.row, .pair.row"), at = rows.findIndex(r => r.classList.contains("cur")), row = rows[at];
  const step = { j: 1, k: -1 }[e.key];
  if (step && rows.length) { const next = rows[Math.max(0, Math.min(rows.length - 1, at + step))]; row?.classList.remove("cur"); next.classList.add("cur"); next.scrollIntoView({ block: "nearest" }); }
  else if (/^x$/i.test(e.key) && row) $(".check", row)?.dispatchEvent(new MouseEvent("click", { bubbles: true, shiftKey: e.shiftKey }));
  else if (e.key === "Enter" && row && e.target === document.body) $("a", row)?.click();
  else if (e.key === "/" && $(".find input")) $(".find input").focus();
  else if (e.key === "?") $("#keys")?.showModal();
  else if (e.key === "g") lead = Date.now();
  else return press(e.key);
}

/* ---- Toasts: 8 seconds, resting under pointer or focus; errors stay. Parts dispatch "tell". */
function tell(text, { bad = false, undo } = {}) {
  const box = document.createElement("div"), words = document.createElement("span");
  box.className = "toast"; box.setAttribute("role", bad ? "alert" : "status"); words.textContent = text; box.append(words);
  const button = (label, more) => { const b = document.createElement("button"); b.type = "button"; b.className = "btn sm"; b.textContent = label; Object.assign(b.dataset, more); box.append(b); return b; };
  if (undo) button("Undo", { key: "ctrl+z" }).addEventListener("click", () => { undo(); box.remove(); });
  if (bad) { box.dataset.stay = "yes"; button("Close", { act: "shut" }); }
  $(".toasts")?.append(box); fade(box);
}
function fade(box) {
  if (box.dataset.stay !== undefined) return;
  setTimeout(function later() { if (box.matches(":hover, :focus-within")) setTimeout(later, 2000); else box.remove(); }, 8000);
}
document.addEventListener("tell", e => tell(e.detail.text, e.detail));

/* ---- The session ended: what was typed stays, sign in beside it. */
function ended() { const box = $("#ended"); if (box && !box.open) box.showModal(); }
document.addEventListener("ended", ended);
document.addEventListener("htmx:before:response", e => { if (e.detail.ctx.response?.status === 401) { e.preventDefault(); ended(); } });
document.addEventListener("htmx:error", () => tell("No connection. What you typed is still here: try again.", { bad: true }));
document.addEventListener("htmx:config:request", e => { e.detail.ctx.request.headers["X-CSRFToken"] = token(); });

function settle() { $("[data-focus]")?.focus(); $$(".toasts .toast").forEach(fade); equip(); }
document.addEventListener("htmx:after:swap", settle);
document.addEventListener("toggle", equip, true);
settle();

/* ---- Badges: every 30 seconds while the page is seen. */
const counts = $('meta[name="badges"]')?.content;
const refresh = async () => {
  if (document.hidden) return;
  const answer = await fetch(counts).catch(() => null); if (!answer?.ok || answer.redirected) return;
  for (const [key, n] of Object.entries(await answer.json())) for (const el of $$(`[data-badge="${CSS.escape(key)}"]`)) { el.textContent = n || ""; el.hidden = !n; }
};
if (counts) { refresh(); setInterval(refresh, 30000); }
