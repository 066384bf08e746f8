/* What is done with rows: selecting them with the bulk bar, folding a report, choosing what a history shows. */
const $ = (s, el = document) => el.querySelector(s);
const $$ = (s, el = document) => [...el.querySelectorAll(s)];
const boxes = () => $$("tbody .check[name]");

export const acts = {
  fold: el => fold(el, el.getAttribute("aria-expanded") !== "true"),
  "fold-all": (el, how) => $$(".tw").forEach(b => fold(b, how === "open")),
  "pick-all": el => pick(el.checked),
  "pick-none": () => pick(false),
  tell: (el, kind) => { $$("[data-act^='tell:']").forEach(b => b.setAttribute("aria-pressed", b === el)); $$(".tl > li").forEach(li => { li.hidden = kind !== "all" && !li.classList.contains(kind); }); },
};

/* A report's tree: rows carry data-level; folding hides the rows below until the next of the same level. */
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

function pick(on) { for (const box of boxes()) box.checked = on; picked(); }

function picked() {
  const bar = $(".bulk"), all = boxes(), on = all.filter(c => c.checked), top = $("[data-act='pick-all']");
  for (const c of all) c.closest("tr").setAttribute("aria-selected", c.checked);
  if (top) { top.checked = on.length > 0 && on.length === all.length; top.indeterminate = on.length > 0 && on.length < all.length; }
  if (!bar) return;
  bar.classList.toggle("on", on.length > 0);
  const sum = on.reduce((a, c) => a + Math.round(Number(c.dataset.n || 0) * 100), 0) / 100, out = $("[data-picked-sum]", bar), why = $(".why", bar);
  $("[data-picked]", bar).textContent = `${on.length} selected`;
  if (out) out.textContent = sum ? ` · ${bar.dataset.currency} ${sum.toLocaleString(document.documentElement.lang, { minimumFractionDigits: 2 })}` : "";
  let reason = "";
  for (const b of $$("button[data-from]", bar)) {
    if (on.some(c => b.dataset.from.split(" ").includes(c.dataset.state))) { b.removeAttribute("aria-disabled"); b.removeAttribute("aria-describedby"); }
    else { b.setAttribute("aria-disabled", "true"); b.setAttribute("aria-describedby", "bulk-why"); reason ||= b.dataset.why; }
  }
  if (why) { why.hidden = !reason; $("span", why).textContent = reason; }
}

let last = null;
document.addEventListener("click", e => {
  const box = e.target.closest("tbody .check[name]"); if (!box) return;
  if (e.shiftKey && last) { const all = boxes(), [a, b] = [all.indexOf(last), all.indexOf(box)].sort((x, y) => x - y); for (const c of all.slice(a, b + 1)) c.checked = box.checked; }
  last = box; picked();
});
document.addEventListener("htmx:after:swap", picked);
