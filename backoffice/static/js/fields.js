/* Fields that help while typing: <date-box> reads dates, <look-up> finds records, [data-read=amount] reads figures. */
import { amount, date, iso, long, shown } from "./reading.js";

class DateBox extends HTMLElement {
  connectedCallback() {
    if (this.ready) return; this.ready = true;
    this.text = this.querySelector("input");
    if (matchMedia("(pointer: coarse)").matches) return this.native();
    this.text.addEventListener("change", () => this.read());
    this.text.addEventListener("keydown", e => {
      if (e.key.toLowerCase() !== "t" || e.ctrlKey || e.metaKey || e.altKey || /[a-z]/i.test(this.text.value.replace(/ [a-z]{3} /i, ""))) return;
      // T is today when the field is empty or wholly selected; otherwise it is a letter of "oct" or "sat".
      if (this.text.value && this.text.selectionEnd - this.text.selectionStart !== this.text.value.length) return;
      e.preventDefault(); this.put(new Date());
    });
    const picker = document.createElement("input");
    picker.type = "date"; picker.tabIndex = -1; picker.className = "pick"; picker.setAttribute("aria-hidden", "true");
    this.append(picker);
    this.querySelector("button")?.addEventListener("click", () => {
      const now = date(this.text.value); if (now) picker.value = iso(now);
      picker.showPicker();
    });
    picker.addEventListener("change", e => { e.stopPropagation(); if (picker.value) this.put(date(picker.value)); });
  }

  native() {
    const now = date(this.text.value);
    this.text.type = "date"; if (now) this.text.value = iso(now);
    const button = this.querySelector("button"); if (button) button.hidden = true;
  }

  read() { const x = this.text.value && date(this.text.value); if (x) this.text.value = long(x); }

  put(x) {
    this.text.value = long(x); this.text.focus();
    this.text.dispatchEvent(new Event("input", { bubbles: true })); this.text.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

let count = 0;

class LookUp extends HTMLElement {
  connectedCallback() {
    if (this.ready) return; this.ready = true;
    this.key = this.querySelector("input[type=hidden]");
    this.text = this.querySelector("input[role=combobox]");
    this.list = document.createElement("div");
    Object.assign(this.list, { className: "pop", id: `lu-${++count}`, hidden: true });
    this.list.setAttribute("role", "listbox"); this.list.setAttribute("aria-label", this.text.getAttribute("aria-label") || "Found");
    this.append(this.list); this.text.setAttribute("aria-controls", this.list.id);
    this.text.addEventListener("input", e => { this.key.value = ""; clearTimeout(this.timer); this.timer = setTimeout(() => this.search(), 150); });
    // The key handler of the grid must not see the keys that this list has used.
    this.text.addEventListener("keydown", e => this.keys(e), true);
    this.text.addEventListener("blur", () => setTimeout(() => this.close(), 120));
    this.list.addEventListener("mousedown", e => { const o = e.target.closest("[role=option]"); if (o) { e.preventDefault(); this.take(o); } });
  }

  async search() {
    this.asked?.abort(); this.asked = new AbortController();
    const url = new URL(this.dataset.url, location.href); url.searchParams.set("q", this.text.value);
    try {
      const answer = await fetch(url, { signal: this.asked.signal, headers: { "HX-Request": "true" } });
      if (!answer.ok) return this.close();
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      this.list.replaceChildren(...page.body.children);
      this.options().forEach((o, i) => { o.id = `${this.list.id}-${i}`; });
      this.list.hidden = false; this.text.setAttribute("aria-expanded", "true"); this.mark(this.options().find(o => o.getAttribute("aria-disabled") !== "true"));
    } catch (error) { if (error.name !== "AbortError") this.close(); }
  }

  options() { return [...this.list.querySelectorAll("[role=option]")]; }
  current() { return this.list.querySelector('[aria-selected="true"]'); }

  mark(option) {
    this.options().forEach(o => o.setAttribute("aria-selected", o === option));
    if (option) { this.text.setAttribute("aria-activedescendant", option.id); option.scrollIntoView({ block: "nearest" }); } else this.text.removeAttribute("aria-activedescendant");
  }

  keys(e) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[e.key], open = !this.list.hidden;
    if (e.key === "Enter" && e.altKey) { e.preventDefault(); e.stopPropagation(); const url = this.current()?.dataset.href; if (url) window.open(url, "_blank", "noopener"); return; }
    if (e.altKey || e.ctrlKey || e.metaKey) return;
    if (step && open) {
      e.preventDefault(); e.stopPropagation();
      const all = this.options(), n = all.indexOf(this.current());
      this.mark(all[(n + step + all.length) % all.length]);
    } else if ((e.key === "Enter" || e.key === "Tab") && open && this.current()) {
      if (e.key === "Enter") { e.preventDefault(); e.stopPropagation(); }
      this.take(this.current());
    } else if (e.key === "Enter" && open) { e.preventDefault(); e.stopPropagation(); }
    else if (e.key === "Escape" && open) { e.preventDefault(); e.stopPropagation(); this.close(); }
    else if (step && !this.closest("line-grid")) { e.preventDefault(); this.search(); }
  }

  take(option) {
    if ("new" in option.dataset) { this.close(); window.open(option.dataset.href, "_blank", "noopener"); return; }
    if (option.getAttribute("aria-disabled") === "true") return;  // its own words say why
    this.text.value = option.dataset.text; this.key.value = option.dataset.value; this.close();
    this.key.dispatchEvent(new Event("change", { bubbles: true })); this.text.dispatchEvent(new Event("change", { bubbles: true }));
    this.dispatchEvent(new CustomEvent("taken", { bubbles: true, detail: { ...option.dataset } }));
  }

  close() { clearTimeout(this.timer); this.list.hidden = true; this.text.setAttribute("aria-expanded", "false"); this.text.removeAttribute("aria-activedescendant"); }
}

customElements.define("date-box", DateBox);
customElements.define("look-up", LookUp);

/* The reading of a figure is shown on leaving the field; what cannot be read is left as typed, the server says why. */
document.addEventListener("change", e => {
  if (e.target.dataset?.read !== "amount" || !e.target.value) return;
  const n = amount(e.target.value); if (Number.isFinite(n)) e.target.value = shown(n, Number(e.target.dataset.places ?? 2));
});
