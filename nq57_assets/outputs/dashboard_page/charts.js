"use strict";
// Charts drawn by Observable Plot: distribution of one indicator, receipts over time.
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const KIND_COLOURS = () => KINDS.map((kind) => colour(`--${kind}`));

const fitting = (id) => Math.max(280, Math.min(680, document.getElementById(id).clientWidth || 620));

function drawInto(id, label, chart) {
  const place = document.getElementById(id);
  if (!chart) {
    place.replaceChildren(el("p", { class: "quiet" }, label));
    return;
  }
  const svgs = chart.tagName === "svg" || chart.tagName === "SVG" ? [chart] : chart.querySelectorAll("svg");
  for (const svg of svgs) svg.setAttribute("aria-hidden", "true");
  place.replaceChildren(el("div", { role: "img", "aria-label": label }, chart));
}

function distribution(round, indicator, kinds) {
  const known = round.communes
    .filter((c) => kinds.includes(c.kind))
    .map((c) => [c, round.value.get(`${c.code} ${indicator.code}`)])
    .filter(([, v]) => v && (v.state === "reported" || v.state === "nil"));
  if (!known.length) return drawInto("distribution", "Chưa có số liệu để vẽ phân bố.", null);
  const flag = indicator.kind === "flag";
  const rows = known.map(([c, v]) => ({
    kind: WORDS.kinds[c.kind],
    x: flag ? (v.value ? "Có" : "Không") : v.state === "nil" ? 0 : point(v),
  }));
  const values = rows.map((r) => r.x);
  const summary = flag
    ? `${values.filter((v) => v === "Có").length}/${values.length} đơn vị trả lời có`
    : `${values.length} đơn vị, từ ${number(Math.min(...values))} đến ${number(Math.max(...values))}, trung vị ${number(d3.median(values))}`;
  const mark = flag
    ? Plot.barY(rows, Plot.groupX({ y: "count" }, { x: "x", fill: "kind" }))
    : Plot.rectY(rows, Plot.binX({ y: "count" }, { x: "x", fill: "kind", thresholds: 16 }));
  drawInto("distribution", `Phân bố “${indicator.name}”: ${summary}.`, Plot.plot({
    height: 210, width: fitting("distribution"), marginLeft: 34, style: { background: "transparent", fontSize: "12px" },
    x: { label: flag ? null : indicator.unit, tickFormat: flag ? undefined : number },
    y: { label: "Số đơn vị", grid: true, tickFormat: number },
    color: { domain: KINDS.map((k) => WORDS.kinds[k]), range: KIND_COLOURS(), legend: true },
    marks: [mark, Plot.ruleY([0])],
  }));
  document.getElementById("distribution").append(el("p", { class: "quiet" }, summary + "."));
}

function progress(current) {
  const rows = [];
  const said = [];
  for (const raw of DATA.rounds) {
    const round = roundData(raw.id);
    const due = round.due ? new Date(round.due + "T00:00:00Z") : null;
    const days = round.coverage.filter((k) => k.received_at).map((k) => k.received_at.slice(0, 10)).sort();
    if (!days.length) continue;
    const start = due || new Date(days[0] + "T00:00:00Z");
    let number_ = 0;
    for (const [date, members] of d3.rollups(days, (v) => v.length, (d) => d)) {
      number_ += members;
      rows.push({ round: round.title, x: (new Date(date + "T00:00:00Z") - start) / 864e5, y: number_, id: round.id });
    }
    said.push(`${round.title}: ${number_}/${round.coverage.length} đơn vị`);
  }
  if (!rows.length) return drawInto("progress", "Chưa có báo cáo nào.", null);
  const titles = [...new Set(rows.map((r) => r.round))];
  drawInto("progress", `Số đơn vị đã nộp, theo số ngày so với hạn nộp. ${said.join("; ")}.`, Plot.plot({
    height: 280, width: fitting("progress"), marginLeft: 40, style: { background: "transparent", fontSize: "12px" },
    x: { label: "Ngày so với hạn nộp (0 là ngày hạn)", tickFormat: number },
    y: { label: "Số đơn vị", domain: [0, d3.max(DATA.rounds, (r) => r.coverage.length)], grid: true, tickFormat: number },
    color: { domain: titles, range: titles.map((_, i) => colour(`--${KINDS[i % 3]}`)), legend: true },
    marks: [
      Plot.ruleX([0], { stroke: colour("--bad"), strokeDasharray: "4 3" }),
      Plot.lineY(rows, { x: "x", y: "y", z: "round", stroke: "round", curve: "step-after", strokeWidth: (d) => (d.id === current.id ? 3 : 1.5) }),
      Plot.dot(rows, { x: "x", y: "y", fill: "round", r: 2.5 }),
    ],
  }));
}

function calendar(round) {
  const place = document.getElementById("calendar");
  const counts = d3.rollup(round.coverage.filter((k) => k.received_at), (v) => v.length, (k) => k.received_at.slice(0, 10));
  if (!counts.size) {
    place.replaceChildren(el("p", { class: "quiet" }, "Chưa có báo cáo nào."));
    return;
  }
  const dates = [...counts.keys(), ...(round.due ? [round.due] : [])].sort();
  const monday = (iso) => { const d = new Date(iso + "T00:00:00Z"); d.setUTCDate(d.getUTCDate() - ((d.getUTCDay() + 6) % 7)); return d; };
  const most = Math.max(...counts.values());
  const weeks = [];
  for (let week = monday(dates[0]); week <= new Date(dates[dates.length - 1] + "T00:00:00Z"); week = new Date(+week + 7 * 864e5)) {
    const days = d3.range(7).map((n) => {
      const iso = new Date(+week + n * 864e5).toISOString().slice(0, 10);
      const count = counts.get(iso) || 0;
      const shade = count ? `q${Math.min(4, Math.floor((5 * (count - 1)) / most))}` : "";
      const name = iso === round.due ? "day due " : "day ";
      return el("td", { class: name + shade, title: iso === round.due ? "Hạn nộp" : null },
        el("small", {}, `${iso.slice(8)}/${iso.slice(5, 7)}`), count ? String(count) : iso === round.due ? "hạn" : "");
    });
    weeks.push(el("tr", {}, ...days));
  }
  place.replaceChildren(table(
    `Số đơn vị nộp lần đầu trong ngày; ô viền đỏ là hạn nộp ${day(round.due) || "(chưa ấn định)"}.`,
    ["T2", "T3", "T4", "T5", "T6", "T7", "CN"], weeks));
}
