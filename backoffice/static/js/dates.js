/* <date-box>: how a typed date is read, by the same rules as backoffice/ui/reading.py, which has the last word.
   This comes when a person first comes near a date. */
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/* "t", "-1", "+30", "mon", "eom", "som", "23", "2311", "231126", "23 nov", "23/11/2026", "2026-11-23" as a Date, or null. */
function date(text, today = new Date()) {
  const t = text.trim().toLowerCase(), y = today.getFullYear(), mo = today.getMonth(), d = today.getDate();
  if (t === "t" || t === "today") return new Date(y, mo, d);
  if (/^[+-]\d{1,4}$/.test(t)) return new Date(y, mo, d + Number(t));
  if (t === "eom") return new Date(y, mo + 1, 0);
  if (t === "som") return new Date(y, mo, 1);
  const day = DAYS.findIndex(x => t.length >= 3 && t.startsWith(x));
  if (day >= 0 && /^[a-z]+$/.test(t)) return new Date(y, mo, d + ((day - today.getDay() + 7) % 7 || 7));
  let m;
  if ((m = t.match(/^(\d{4})-(\d{1,2})-(\d{1,2})$/))) return made(m[1], m[2] - 1, m[3]);
  if ((m = t.match(/^(\d{1,2})$/))) return made(y, mo, m[1]);
  if ((m = t.match(/^(\d{2})(\d{2})(\d{2}|\d{4})?$/))) return made(m[3] || y, m[2] - 1, m[1]);
  if ((m = t.match(/^(\d{1,2})[ ./-]([a-z]{3,}|\d{1,2})\.?(?:[ ./-](\d{2}|\d{4}))?$/))) {
    const month = /\d/.test(m[2]) ? m[2] - 1 : MONTHS.indexOf(m[2].slice(0, 3));
    return made(m[3] || y, month, m[1]);
  }
  return null;
}

function made(year, month, day) {
  year = Number(year); if (year < 100) year += 2000;
  const x = new Date(year, month, Number(day));
  return month >= 0 && x.getMonth() === Number(month) && x.getDate() === Number(day) ? x : null;
}

const iso = x => [x.getFullYear(), x.getMonth() + 1, x.getDate()].map(n => String(n).padStart(2, "0")).join("-");
const long = x => `${x.getDate()} ${x.toLocaleString(document.documentElement.lang || "en-GB", { month: "short" }).slice(0, 3)} ${x.getFullYear()}`;

class DateBox extends HTMLElement {
  connectedCallback() {
    if (this.text) return;
    this.text = this.querySelector("input"); const button = this.querySelector("button");
    this.text.addEventListener("change", () => this.read());
    this.text.addEventListener("keydown", e => {
      if (e.key.toLowerCase() !== "t" || e.ctrlKey || e.metaKey || e.altKey || /[a-z]/i.test(this.text.value.replace(/ [a-z]{3} /i, ""))) return;
      // T is today when the field is empty or wholly selected; otherwise it is a letter of "oct" or "sat".
      if (this.text.value && this.text.selectionEnd - this.text.selectionStart !== this.text.value.length) return;
      e.preventDefault(); this.put(new Date());
    });
    const picker = document.createElement("input");
    Object.assign(picker, { type: "date", tabIndex: -1, className: "pick" }); picker.setAttribute("aria-hidden", "true");
    this.append(picker);
    button?.addEventListener("click", () => { const now = date(this.text.value); if (now) picker.value = iso(now); picker.showPicker(); });
    picker.addEventListener("change", e => { e.stopPropagation(); if (picker.valueAsDate) this.put(new Date(`${picker.value}T00:00`)); });
  }

  read() { const x = this.text.value && date(this.text.value); if (x) this.text.value = long(x); }
  typed() { if (document.activeElement !== this.text) this.read(); }  // typed and left before this came
  put(x) { this.text.value = long(x); this.text.focus(); for (const name of ["input", "change"]) this.text.dispatchEvent(new Event(name, { bubbles: true })); }
}

customElements.define("date-box", DateBox);
