/* <look-up>: a field whose records the server finds. This comes when a person first comes near one. */
const $ = (s, el = document) => el.querySelector(s);
const $$ = (s, el = document) => [...el.querySelectorAll(s)];
const fire = (x, name) => x.dispatchEvent(new Event(name, { bubbles: true }));
let count = 0;

class LookUp extends HTMLElement {
  connectedCallback() {
    if (this.text) return;
    this.key = $("input[type=hidden]", this); this.text = $("input[role=combobox]", this);
    const list = this.list = document.createElement("div");
    Object.assign(list, { className: "pop", id: `lu-${++count}`, hidden: true, role: "listbox", ariaLabel: this.text.getAttribute("aria-label") || "Found" });
    this.append(list); this.text.setAttribute("aria-controls", list.id);
    this.text.addEventListener("input", () => this.typed());
    // The key handler of the grid must not see the keys that this list has used.
    this.text.addEventListener("keydown", e => this.keys(e), true);
    this.text.addEventListener("blur", () => setTimeout(() => this.close(), 120));
    list.addEventListener("mousedown", e => { const o = e.target.closest("[role=option]"); if (o) { e.preventDefault(); this.take(o); } });
  }

  typed() { this.key.value = ""; clearTimeout(this.timer); this.timer = setTimeout(() => this.search(), 150); }

  async search() {
    this.asked?.abort(); this.asked = new AbortController();
    const url = new URL(this.dataset.url, location.href); url.searchParams.set("q", this.text.value);
    try {
      const answer = await fetch(url, { signal: this.asked.signal, headers: { "HX-Request": "true" } });
      if (!answer.ok) return this.close();
      this.list.replaceChildren(...new DOMParser().parseFromString(await answer.text(), "text/html").body.children);
      this.options().forEach((o, i) => { o.id = `${this.list.id}-${i}`; });
      this.open(true); this.mark(this.options().find(o => o.ariaDisabled !== "true"));
    } catch (error) { if (error.name !== "AbortError") this.close(); }
  }

  options() { return $$("[role=option]", this.list); }
  current() { return $('[aria-selected="true"]', this.list); }
  open(on) { this.list.hidden = !on; this.text.setAttribute("aria-expanded", on); }
  close() { clearTimeout(this.timer); this.open(false); this.text.removeAttribute("aria-activedescendant"); }

  mark(option) {
    for (const o of this.options()) o.setAttribute("aria-selected", o === option);
    if (option) { this.text.setAttribute("aria-activedescendant", option.id); option.scrollIntoView({ block: "nearest" }); } else this.text.removeAttribute("aria-activedescendant");
  }

  keys(e) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[e.key], now = this.list.hidden ? null : this.current(), used = () => { e.preventDefault(); e.stopPropagation(); };
    if (e.key === "Enter" && e.altKey) { used(); if (this.current()?.dataset.href) window.open(this.current().dataset.href, "_blank", "noopener"); return; }
    if (e.altKey || e.ctrlKey || e.metaKey) return;
    if (this.list.hidden) { if (step && !this.closest("line-grid")) { e.preventDefault(); this.search(); } return; }
    if (step) { used(); const all = this.options(); this.mark(all[(all.indexOf(now) + step + all.length) % all.length]); }
    else if (e.key === "Enter" || (e.key === "Tab" && now)) { if (e.key === "Enter") used(); if (now) this.take(now); }
    else if (e.key === "Escape") { used(); this.close(); }
  }

  take(option) {
    const { text, value, href } = option.dataset;
    if ("new" in option.dataset) { this.close(); window.open(href, "_blank", "noopener"); return; }
    if (option.ariaDisabled === "true") return;  // its own words say why
    this.text.value = text; this.key.value = value; this.close();
    fire(this.key, "change"); fire(this.text, "change");
    this.dispatchEvent(new CustomEvent("taken", { bubbles: true, detail: { ...option.dataset } }));
  }
}

customElements.define("look-up", LookUp);
