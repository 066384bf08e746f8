/* How a person's typing is read: the same rules as backoffice/ui/reading.py, which has the last word. */
const parts = new Intl.NumberFormat(document.documentElement.lang || "en-GB").formatToParts(12345.6);
export const decimal = parts.find(p => p.type === "decimal")?.value || ".";

/* "1,250.00", "(50)", "12.5k", "2m", "£4" and "1200*1.2" as a number; NaN when it cannot be read. */
export function amount(text) {
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

export const shown = (n, places = 2) => Number.isFinite(n) ? n.toLocaleString(document.documentElement.lang || "en-GB", { minimumFractionDigits: places > 2 ? 0 : places, maximumFractionDigits: places }) : "";
/* Sums are made of whole pennies, so that 0.1 + 0.2 is 0.30. */
export const rounded = (n, places = 2) => Math.sign(n) * Math.round(Math.abs(n) * 10 ** places + 1e-7) / 10 ** places;

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/* "t", "-1", "+30", "mon", "eom", "som", "23", "2311", "231126", "23 nov", "23/11/2026", "2026-11-23" as a Date, or null. */
export function date(text, today = new Date()) {
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

export const iso = x => [x.getFullYear(), x.getMonth() + 1, x.getDate()].map(n => String(n).padStart(2, "0")).join("-");
export const long = x => `${x.getDate()} ${x.toLocaleString(document.documentElement.lang || "en-GB", { month: "short" }).slice(0, 3)} ${x.getFullYear()}`;
