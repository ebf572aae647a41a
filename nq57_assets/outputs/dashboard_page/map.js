"use strict";
// The tile map of the communes by one indicator, its legend, and the ranking beside it.
function classes(round, indicator, kinds) {
  const known = round.communes
    .filter((c) => kinds.includes(c.kind))
    .map((c) => round.value.get(`${c.code} ${indicator.code}`))
    .filter((v) => v && v.state === "reported").map(point);
  const cuts = indicator.kind === "flag" ? [] : [...new Set([0.2, 0.4, 0.6, 0.8].map((p) => d3.quantile(known.sort(d3.ascending), p)))];
  return { cuts: cuts.filter((cut) => cut !== undefined), known };
}
// Few classes still use the whole scale, so that the highest is always the darkest.
const shade = (n, cuts) => `q${cuts ? Math.round((4 * n) / cuts) : 3}`;
function tileClass(v, indicator, cuts) {
  if (!v || v.state !== "reported") return `s-${v ? v.state : "missing"}`;
  if (indicator.kind === "flag") return v.value ? "q3" : "q0";
  return shade(d3.bisectRight(cuts, point(v)), cuts.length);
}
const short = (name) => name.split(" ").map((w) => w[0]).join("").slice(0, 3);

function tiles(round, indicator, kinds, open) {
  const { cuts, known } = classes(round, indicator, kinds);
  const place = document.getElementById("tiles");
  const columns = 1 + d3.max(round.communes, (c) => c.col), first = d3.min(round.communes, (c) => c.row);
  place.style.setProperty("--columns", columns);
  const unit = indicator.kind === "flag" || indicator.unit === "có/không" ? "" : ` ${indicator.unit}`;
  const kept = place.querySelector("[tabindex='0']")?.dataset.code;
  const buttons = round.communes.map((c, turn) => {
    const v = round.value.get(`${c.code} ${indicator.code}`);
    const state = v ? v.state : "missing";
    const what = state === "reported" ? shownValue(v, indicator) + unit : WORDS.states[state];
    const note = `${c.full}: ${what}${v && v.place ? `, hạng ${v.place}/${v.ranked} ${WORDS.kinds[c.kind].toLowerCase()}` : ""}`;
    return el("button", {
      type: "button", class: `tile ${tileClass(v, indicator, cuts)}${kinds.includes(c.kind) ? "" : " dim"}`,
      style: `grid-row:${c.row - first + 1};grid-column:${c.col + 1}`, "data-code": c.code, "data-row": c.row, "data-col": c.col,
      tabindex: (kept ? kept === c.code : turn === 0) ? "0" : "-1", "aria-label": note, title: note,
      on: { click: () => open(c.code), focus: () => { document.getElementById("tile-note").textContent = note; },
            mouseenter: () => { document.getElementById("tile-note").textContent = note; } },
    }, short(c.name));
  });
  place.replaceChildren(...buttons);
  legend(indicator, cuts, known);
}

// One stop for the Tab key; arrows walk to the nearest tile in their direction.
function walk(event) {
  const step = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[event.key];
  const from = event.target.closest(".tile");
  if (!step || !from) return;
  event.preventDefault();
  const at = [+from.dataset.row, +from.dataset.col];
  const ahead = [...document.querySelectorAll(".tile")].map((tile) => {
    const d = [+tile.dataset.row - at[0], +tile.dataset.col - at[1]];
    const along = d[0] * step[0] + d[1] * step[1];
    return { tile, along, aside: Math.abs(d[0] * step[1]) + Math.abs(d[1] * step[0]) };
  }).filter((t) => t.along > 0);
  const next = d3.least(ahead, (a, b) => a.aside * 3 + a.along - (b.aside * 3 + b.along));
  if (!next) return;
  from.tabIndex = -1;
  next.tile.tabIndex = 0;
  next.tile.focus();
}

function legend(indicator, cuts, known) {
  const entries = [];
  if (indicator.kind === "flag") entries.push(["q3", "Có"], ["q0", "Không"]);
  else if (known.length) {
    const edges = [d3.min(known), ...cuts, d3.max(known)];
    for (let n = 0; n < edges.length - 1; n++) entries.push([shade(n, cuts.length), edges[n] === edges[n + 1] ? number(edges[n]) : `${number(edges[n])} – ${number(edges[n + 1])}`]);
  }
  entries.push(["s-nil", "Không phát sinh"], ["s-missing", "Chưa có"], ["s-conflict", "Mâu thuẫn"], ["s-withheld", "Bị giữ lại"]);
  document.getElementById("legend").replaceChildren(...entries.map(([name, text]) => el("span", {}, el("i", { class: name }), text)));
}

function ranking(round, indicator, kinds, open) {
  const rows = round.communes.filter((c) => kinds.includes(c.kind))
    .map((c) => ({ c, v: round.value.get(`${c.code} ${indicator.code}`) }))
    .filter(({ v }) => v && v.state === "reported" || v && v.state === "nil")
    .sort((a, b) => d3.descending(point(a.v), point(b.v)) || d3.ascending(a.c.code, b.c.code));
  const greatest = d3.max(rows, ({ v }) => point(v)) || 1;
  const body = rows.map(({ c, v }) => el("tr", {},
    el("td", { class: "num" }, v.place ? `${v.place}/${v.ranked}` : "–"),
    el("td", {}, el("button", { type: "button", class: "link", on: { click: () => open(c.code) } }, c.full)),
    el("td", { class: "num" }, shownValue(v, indicator)),
    el("td", {}, indicator.kind === "flag" ? "" : bar(point(v) / greatest))));
  const left = round.communes.filter((c) => kinds.includes(c.kind)).length - rows.length;
  document.getElementById("ranking").replaceChildren(table(
    `${indicator.name} (${indicator.unit}). Hạng trong cùng loại đơn vị; ${left} đơn vị không có số liệu để xếp.`,
    [{ text: "Hạng", class: "num" }, "Đơn vị", { text: "Giá trị", class: "num" }, "So với lớn nhất"], body));
}
