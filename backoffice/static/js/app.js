/* The whole page's behaviour: delegated listeners keyed by data-act, so that everything works after a partial swap.
   Nothing of the business is kept in the browser; theme and row height go to the person's profile. */
const $ = (s, el = document) => el.querySelector(s);
const $$ = (s, el = document) => [...el.querySelectorAll(s)];
const root = document.documentElement;
const token = () => $('meta[name="csrf"]')?.content || "";
const send = (url, body, more = {}) => fetch(url, { method: "POST", body, headers: { "X-CSRFToken": token(), "HX-Request": "true" }, ...more });

/* ---- Clicks. A control with aria-disabled never acts: focus goes to its reason. */
const acts = {
  open: (el, id) => { const d = document.getElementById(id); d.showModal(); equip(); $("input, [autofocus]", d)?.focus(); if (id === "palette") search(""); },
  close: el => el.closest("dialog").close(),
  fold: el => fold(el, el.getAttribute("aria-expanded") !== "true"),
  "fold-all": (el, how) => $$(".tw").forEach(b => fold(b, how === "open")),
  "pick-all": el => { $$("tbody .check[name]").forEach(c => { c.checked = el.checked; }); picked(); },
  "pick-none": () => { $$(".check[data-act='pick-all'], tbody .check[name]").forEach(c => { c.checked = false; }); picked(); },
  tell: (el, kind) => { $$("[data-act^='tell:']").forEach(b => b.setAttribute("aria-pressed", b === el)); $$(".tl > li").forEach(li => { li.hidden = kind !== "all" && !li.classList.contains(kind); }); },
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
  if (act === "ask") { e.preventDefault(); ask(el.href || el.dataset.href); return; }
  if (el.tagName === "A" || el.type === "submit") e.preventDefault();
  acts[act]?.(el, arg);
}, true);

/* Report tree: rows carry data-level; folding hides the rows below until the next of the same level. */
function fold(btn, open) {
  const row = btn.closest("tr"), level = Number(row.dataset.level);
  btn.setAttribute("aria-expanded", open);
  let shut = Infinity;
  for (let r = row.nextElementSibling; r && Number(r.dataset.level) > level; r = r.nextElementSibling) {
    const at = Number(r.dataset.level); if (at <= shut) shut = Infinity;
    r.hidden = !open || at > shut;
    if (shut === Infinity && $(".tw", r)?.getAttribute("aria-expanded") === "false") shut = at;
  }
}

/* ---- A verb that asks first: its page is shown in a dialog; without script the same address is a page. */
async function ask(url) {
  const box = $("#ask"), answer = await fetch(url, { headers: { "HX-Request": "true", "HX-Target": "ask" } });
  if (answer.status === 401) return ended();
  if (!answer.ok && answer.status !== 409) return location.assign(url);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  box.replaceChildren(...page.body.children); window.htmx?.process(box);
  box.showModal(); equip(); ($("[autofocus], .in input:not([type=hidden]), .in textarea, .in select, footer .btn.primary, footer .btn", box))?.focus();
}

/* ---- Theme, row height, single keys: applied at once, kept in the profile. */
document.addEventListener("submit", e => {
  const form = e.target.closest("form[data-keep]");
  if (form) {
    e.preventDefault();
    const { name, value } = e.submitter; root.dataset[name] = value;
    $$("button", form).forEach(b => { if (b.name === name && b.hasAttribute("aria-pressed")) b.setAttribute("aria-pressed", b === e.submitter); });
    if (name === "theme") e.submitter.value = value === "dark" ? "light" : "dark";
    const body = new FormData(form); body.set(name, value); send(form.action, body);
  } else if (!e.defaultPrevented) { const f = e.target; f.dataset.sent = "yes"; setTimeout(() => delete f.dataset.sent, 8000); }
});

/* ---- Selection and the bulk bar. */
function picked() {
  const bar = $(".bulk"), boxes = $$("tbody .check[name]"), on = boxes.filter(c => c.checked);
  boxes.forEach(c => c.closest("tr").setAttribute("aria-selected", c.checked));
  const all = $("[data-act='pick-all']"); if (all) { all.checked = on.length > 0 && on.length === boxes.length; all.indeterminate = on.length > 0 && on.length < boxes.length; }
  if (!bar) return;
  bar.classList.toggle("on", on.length > 0);
  const sum = on.reduce((a, c) => a + Math.round(Number(c.dataset.n || 0) * 100), 0) / 100;
  $("[data-picked]", bar).textContent = `${on.length} selected`;
  const out = $("[data-picked-sum]", bar); if (out) out.textContent = sum ? ` · ${bar.dataset.currency} ${sum.toLocaleString(root.lang, { minimumFractionDigits: 2 })}` : "";
  const why = $(".why", bar); let reason = "";
  for (const b of $$("button[data-from]", bar)) {
    const open = on.some(c => b.dataset.from.split(" ").includes(c.dataset.state));
    if (open) { b.removeAttribute("aria-disabled"); b.removeAttribute("aria-describedby"); }
    else { b.setAttribute("aria-disabled", "true"); b.setAttribute("aria-describedby", "bulk-why"); reason ||= b.dataset.why; }
  }
  if (why) { why.hidden = !reason; $("span", why).textContent = reason; }
}
document.addEventListener("change", e => { if (e.target.matches("tbody .check[name]")) picked(); });
let lastBox = null;
document.addEventListener("click", e => {
  const box = e.target.closest("tbody .check[name]"); if (!box) return;
  const boxes = $$("tbody .check[name]");
  if (e.shiftKey && lastBox) { const [a, b] = [boxes.indexOf(lastBox), boxes.indexOf(box)].sort((x, y) => x - y); boxes.slice(a, b + 1).forEach(c => { c.checked = box.checked; }); picked(); }
  lastBox = box;
});

/* ---- Keys: single letters only outside fields; g-then-letter goes to a domain; j and k move in lists. */
let lead = 0;
const press = key => { const list = $$(`[data-key="${CSS.escape(key)}"]`), row = $(".cur"); const el = list.find(x => row?.contains(x)) || list.find(x => x.offsetParent && !x.closest("tr.row")); if (el) { el.tagName === "DETAILS" ? (el.open = !el.open, $("input, select, a, button", el)?.focus()) : el.click(); } return Boolean(el); };
document.addEventListener("keydown", e => {
  const ctrl = e.ctrlKey || e.metaKey, field = e.target.closest("input:not(.check), select, textarea, [contenteditable]");
  if (ctrl && e.key.toLowerCase() === "k") { e.preventDefault(); const p = $("#palette"); if (p) p.open ? p.close() : acts.open(p, "palette"); return; }
  if (ctrl && e.key.toLowerCase() === "s" && press("ctrl+s")) return e.preventDefault();
  if (ctrl && e.key === "Enter" && press("ctrl+enter")) return e.preventDefault();
  if (ctrl && e.key.toLowerCase() === "z" && !field && press("ctrl+z")) return e.preventDefault();
  if (e.key === "Escape" && !$("dialog[open]")) { const menu = $("details.menu[open]"); if (menu) { menu.open = false; $("summary", menu).focus(); } else if (!field && $("tbody .check:checked")) acts["pick-none"](); return; }
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

/* ---- Palette: the server searches records, actions and pages that this person may see. */
let asked;
async function search(q, of = "") {
  const box = $("#palette"), url = new URL(box.dataset.url, location.href); url.searchParams.set("q", q); if (of) url.searchParams.set("of", of);
  asked?.abort(); asked = new AbortController();
  try {
    const answer = await fetch(url, { signal: asked.signal, headers: { "HX-Request": "true" } });
    if (answer.status === 401) return ended();
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    $("#cmds").replaceChildren(...page.body.children);
    const items = $$("#cmds .cmd"); items.forEach((x, i) => { x.id = `cmd-${i}`; }); choose(items[0]);
  } catch (error) { if (error.name !== "AbortError") $("#cmds").textContent = "The search did not answer. Try again."; }
}
function choose(item) {
  $$("#cmds .cmd").forEach(x => x.setAttribute("aria-selected", x === item));
  const input = $("#palette input"); if (item) { input.setAttribute("aria-activedescendant", item.id); item.scrollIntoView({ block: "nearest" }); } else input.removeAttribute("aria-activedescendant");
}
let wait;
$("#palette")?.addEventListener("input", e => { clearTimeout(wait); wait = setTimeout(() => search(e.target.value), 150); });
$("#palette")?.addEventListener("keydown", e => {
  const items = $$("#cmds .cmd"), at = items.findIndex(x => x.getAttribute("aria-selected") === "true"), step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
  if (step && items.length) { e.preventDefault(); choose(items[(at + step + items.length) % items.length]); }
  else if (e.key === "Enter" && items[at]) { e.preventDefault(); location.assign(items[at].dataset.href); }
  else if (e.key === "Tab" && items[at]?.dataset.of) { e.preventDefault(); search("", items[at].dataset.of); }
});
$("#palette")?.addEventListener("click", e => { const x = e.target.closest(".cmd"); if (x) location.assign(x.dataset.href); });

/* ---- Drafts: 800 ms after the last key a changed form posts itself to its draft; without a line it waits here. */
const timers = new WeakMap();
const held = form => `draft:${form.dataset.draft}`;
document.addEventListener("input", e => {
  const form = e.target.closest("form[data-draft]"); if (!form || e.target.closest("[data-no-draft]")) return;
  form.dataset.dirty = "yes"; clearTimeout(timers.get(form)); timers.set(form, setTimeout(() => keep(form), 800));
});
async function keep(form) {
  const body = new FormData(form), stamp = $("[data-kept]");
  try {
    const answer = await send(form.dataset.draft, body);
    if ([401, 403].includes(answer.status)) { ended(); throw new Error("session ended"); }
    if (!answer.ok) throw new Error(String(answer.status));
    form.dataset.dirty = ""; sessionStorage.removeItem(held(form));
    if (stamp) { stamp.hidden = false; $("span", stamp).textContent = `Draft kept, ${new Date().toLocaleTimeString(root.lang)}`; }
  } catch {
    if (form.dataset.private === undefined) sessionStorage.setItem(held(form), JSON.stringify([...body].filter(([k, v]) => typeof v === "string" && k !== "csrfmiddlewaretoken")));
    if (stamp) { stamp.hidden = false; $("span", stamp).textContent = "Not kept yet: no connection"; }
  }
}
addEventListener("online", () => $$("form[data-draft]").forEach(f => { if (f.dataset.dirty) keep(f); }));
addEventListener("offline", () => tell("No connection. What you type is kept in this tab.", { bad: true }));
addEventListener("beforeunload", e => { if ($$("form[data-draft]").some(f => f.dataset.dirty && !f.dataset.sent)) e.preventDefault(); });
document.addEventListener("click", e => { const b = e.target.closest("form[data-draft] [type=submit]"); if (b) b.form.dataset.sent = "yes"; });

/* ---- Toasts: 8 seconds, resting under pointer or focus; errors stay. */
function tell(text, { bad = false, undo } = {}) {
  const box = document.createElement("div"), words = document.createElement("span");
  box.className = "toast"; box.setAttribute("role", bad ? "alert" : "status"); words.textContent = text; box.append(words);
  if (bad) box.dataset.stay = "yes";
  if (undo) { const b = document.createElement("button"); b.type = "button"; b.className = "btn sm"; b.dataset.key = "ctrl+z"; b.textContent = "Undo"; b.addEventListener("click", () => { undo(); box.remove(); }); box.append(b); }
  const shut = document.createElement("button"); shut.type = "button"; shut.className = "btn sm"; shut.dataset.act = "shut"; shut.textContent = "Close"; if (bad) box.append(shut);
  $(".toasts")?.append(box); fade(box);
}
function fade(box) {
  if (box.dataset.stay !== undefined) return;
  setTimeout(function later() { if (box.matches(":hover, :focus-within")) setTimeout(later, 2000); else box.remove(); }, 8000);
}
document.addEventListener("tell", e => tell(e.detail.text, e.detail));
$$(".toasts .toast").forEach(fade);

/* ---- The session ended: say so over the page, keep what was typed, sign in beside it. */
function ended() {
  if ($("#ended")?.open) return;
  $("#ended")?.showModal();
}
document.addEventListener("htmx:before:response", e => { if (e.detail.ctx.response?.status === 401) { e.preventDefault(); ended(); } });
document.addEventListener("htmx:error", () => tell("No connection. What you typed is still here: try again.", { bad: true }));
document.addEventListener("htmx:config:request", e => { e.detail.ctx.request.headers["X-CSRFToken"] = token(); });
document.addEventListener("htmx:after:swap", () => { $("[data-focus]")?.focus(); picked(); $$(".toasts .toast").forEach(fade); equip(); });

/* ---- Look-ups, dates, figures and the line grid come when the page first shows one: most pages never do. */
const parts = { fields: "look-up, date-box, [data-read]", grid: "line-grid" };
function equip() { for (const [name, what] of Object.entries(parts)) if ($$(what).some(x => x.checkVisibility())) import($(`meta[name="js-${name}"]`).content); }
document.addEventListener("toggle", equip, true);
equip();

/* ---- Badges: every 30 seconds while the page is seen. */
const counts = $('meta[name="badges"]')?.content;
const refresh = async () => {
  if (document.hidden) return;
  const answer = await fetch(counts).catch(() => null); if (!answer?.ok || answer.redirected) return;
  for (const [key, n] of Object.entries(await answer.json())) for (const el of $$(`[data-badge="${CSS.escape(key)}"]`)) { el.textContent = n || ""; el.hidden = !n; }
};
if (counts) { refresh(); setInterval(refresh, 30000); }

/* ---- Fields that act at once: data-auto submits its form on change. */
document.addEventListener("change", e => { if (e.target.closest("[data-auto]")) e.target.form?.requestSubmit(); });

/* What waited here while the line was down is put back into its form. */
for (const form of $$("form[data-draft]")) {
  const text = sessionStorage.getItem(held(form)); if (!text) continue;
  for (const [name, value] of JSON.parse(text)) { const x = form.elements[name]; if (x && "value" in x && !/^(version|idempotency_key)$/.test(name) && x.type !== "checkbox") x.value = value; }
  sessionStorage.removeItem(held(form)); form.dataset.dirty = "yes"; keep(form); tell("What you typed while the line was down is back.");
}
$("[data-focus]")?.focus();
