/* A block pasted from a spreadsheet fills a <line-grid> from the current cell on, and says what could not be read. */
export function paste(grid, cell, text, read) {
  const row = cell.closest("tr"), r0 = grid.rows().indexOf(row), c0 = grid.cells(row).indexOf(cell), bad = [];
  const block = text.replace(/\r/g, "").replace(/\n+$/, "").split("\n").slice(0, 1000);
  block.forEach((line, i) => {
    while (grid.rows().length <= r0 + i) grid.add();
    const cells = grid.cells(grid.rows()[r0 + i]);
    line.split("\t").forEach((v, j) => fill(cells[c0 + j], v.trim(), read, grid.places) || bad.push(`“${v.trim()}” in line ${r0 + i + 1}`));
  });
  grid.total(); grid.changed(grid.count);
  return `${block.length} rows came in.` + (bad.length ? ` Not read: ${bad.slice(0, 3).join(", ")}${bad.length > 3 ? ` and ${bad.length - 3} more` : ""}.` : "");
}

function fill(x, v, { amount, shown }, places) {
  if (!x) return v === "";
  if (x.tagName === "SELECT") { const o = [...x.options].find(o => v && o.text.toLowerCase().startsWith(v.toLowerCase())); if (o) x.value = o.value; return Boolean(o) || !v; }
  const n = x.dataset.read === "amount" && v ? amount(v) : null;
  x.value = n === null || Number.isNaN(n) ? v : shown(n, Number(x.dataset.places ?? places));
  const key = x.closest("look-up")?.querySelector("[type=hidden]"); if (key) key.value = "";  // the server finds the record by the text
  return n === null || !Number.isNaN(n);
}
