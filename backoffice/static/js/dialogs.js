/* Dialogs that the server fills: a verb that asks first, and the palette. Without script the same addresses are pages. */
const $ = (s, el = document) => el.querySelector(s);
const fetched = (url, more, target = {}) => fetch(url, { ...more, headers: { "HX-Request": "true", ...target } });
const filled = async (box, answer) => box.replaceChildren(...new DOMParser().parseFromString(await answer.text(), "text/html").body.children);

export async function ask(url, page) {
  const box = $("#ask"), answer = await fetched(url, {}, { "HX-Target": "ask" });
  if (answer.status === 401) return page.ended();
  if (!answer.ok && answer.status !== 409) return location.assign(url);
  await filled(box, answer); window.htmx?.process(box);
  box.showModal(); page.equip();
  $("[autofocus], .in input:not([type=hidden]), .in textarea, .in select, footer .btn.primary, footer .btn", box)?.focus();
}

/* The server searches records, actions and pages that this person may see. */
let known, asked, wait;
export function palette(box, page) {
  const input = $("input", box), found = $("#cmds");
  const items = () => [...found.querySelectorAll(".cmd")];
  const choose = item => {
    for (const x of items()) x.setAttribute("aria-selected", x === item);
    if (item) { input.setAttribute("aria-activedescendant", item.id); item.scrollIntoView({ block: "nearest" }); } else input.removeAttribute("aria-activedescendant");
  };
  const search = async (q, of = "") => {
    const url = new URL(box.dataset.url, location.href); url.searchParams.set("q", q); if (of) url.searchParams.set("of", of);
    asked?.abort(); asked = new AbortController();
    try {
      const answer = await fetched(url, { signal: asked.signal });
      if (answer.status === 401) return page.ended();
      await filled(found, answer);
      items().forEach((x, i) => { x.id = `cmd-${i}`; }); choose(items()[0]);
    } catch (error) { if (error.name !== "AbortError") found.textContent = "The search did not answer. Try again."; }
  };
  search(input.value);
  if (known) return; known = true;
  input.addEventListener("input", () => { clearTimeout(wait); wait = setTimeout(() => search(input.value), 150); });
  box.addEventListener("keydown", e => {
    const all = items(), at = all.findIndex(x => x.getAttribute("aria-selected") === "true"), step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    if (step && all.length) { e.preventDefault(); choose(all[(at + step + all.length) % all.length]); }
    else if (e.key === "Enter" && all[at]) { e.preventDefault(); location.assign(all[at].dataset.href); }
    else if (e.key === "Tab" && all[at]?.dataset.of) { e.preventDefault(); search("", all[at].dataset.of); }
  });
  box.addEventListener("click", e => { const x = e.target.closest(".cmd"); if (x) location.assign(x.dataset.href); });
}
