"use strict";
// Puts the parts together: which round, indicator and types are chosen, and what is drawn again on a change.
const byId = (id) => document.getElementById(id);
const chosen = { round: null, indicator: null, kinds: KINDS };

function open(code) {
  history.replaceState(null, "", `#don-vi=${code}&dot=${chosen.round.id}`);
  openCommune(chosen.round, code);
}

function cards(round) {
  const came = round.coverage.filter((k) => k.submitted);
  const onTime = came.filter((k) => k.on_time === true).length;
  const filled = d3.sum(round.coverage, (k) => k.filled_required), required = d3.sum(round.coverage, (k) => k.required);
  const city = round.city.filter((t) => t.scope_key === "city");
  const published = city.filter((t) => t.state === "published").length;
  const asked = new Set(round.asked.map((i) => i.code));
  const held = round.values.filter((v) => asked.has(v.indicator) && (v.state === "conflict" || v.state === "withheld")).length;
  const all = round.coverage.length;
  const card = (id, name, figure_, note) => el("div", { class: "card", id }, name, el("b", {}, figure_), el("span", { class: "quiet" }, note));
  byId("cards").replaceChildren(
    card("card-submitted", "Đã nộp báo cáo", `${came.length}/${all}`, all ? percent(came.length / all) : ""),
    card("card-on-time", "Đúng hạn", `${onTime}/${all}`, round.due ? `hạn nộp ${day(round.due)}` : "chưa ấn định hạn"),
    card("card-filled", "Số liệu bắt buộc", required ? percent(filled / required) : "…", `${number(filled)}/${number(required)} ô đã có`),
    card("card-published", "Chỉ tiêu công bố", `${published}/${city.length}`, "đủ độ phủ để công bố số toàn thành phố"),
    card("card-held", "Số liệu không cộng được", number(held), "mâu thuẫn hoặc bị giữ lại"),
    card("card-findings", "Phát hiện còn mở", number(round.findings.length), `tại ${new Set(round.findings.map((f) => f.commune_code).filter(Boolean)).size} đơn vị`));
  byId("round-note").textContent = `${round.report} · kỳ ${round.from}–${round.to} · ${all} đơn vị phải báo cáo`;
}

function totals(round) {
  const body = [];
  for (const [group, members] of d3.group(round.asked, (i) => i.group_vi)) {
    body.push(el("tr", { class: "group" }, el("th", { colspan: "8", scope: "colgroup" }, group)));
    for (const i of members) {
      const city = round.total.get(`${i.code} city`);
      const choose = () => { byId("indicator").value = i.code; pickIndicator(); byId("ban-do").scrollIntoView(); byId("indicator").focus(); };
      body.push(el("tr", { "data-indicator": i.code },
        el("td", {}, el("button", { type: "button", class: "link", on: { click: choose } }, i.name), el("div", { class: "quiet" }, city.unit, city.reason ? ` · ${city.reason}` : "")),
        el("td", { class: "num city" }, el("b", {}, shownTotal(city))),
        ...KINDS.map((k) => el("td", { class: "num" }, shownTotal(round.total.get(`${i.code} ${k}`)))),
        el("td", { class: "num" }, `${city.reported}/${city.expected}`),
        el("td", {}, bar(city.coverage_weighted || 0), el("span", { class: "quiet" }, city.coverage_weighted === null ? "" : `${percent(city.coverage_weighted)} ${WORDS.weights[city.coverage_weight]}`)),
        el("td", { class: "num" }, city.witnessed_share === null ? "" : percent(city.witnessed_share))));
    }
  }
  byId("totals").replaceChildren(table("KCB: không công bố. Chỉ cộng đơn vị có số liệu. Có nguồn thứ hai: phần được xác nhận thêm; còn lại chỉ có một nguồn.",
    ["Chỉ tiêu", { text: "Toàn thành phố", class: "num" }, ...KINDS.map((k) => ({ text: WORDS.kinds[k], class: "num" })), { text: "Số đơn vị", class: "num" }, "Độ phủ", { text: "Có nguồn thứ hai", class: "num" }], body));
}

function completeness(round) {
  const groups = [...d3.group(round.asked, (i) => i.group_vi)];
  const state = byId("coverage-state").value;
  const rows = round.communes.filter((c) => !state || round.covered.get(c.code).state === state).map((c) => {
    const k = round.covered.get(c.code);
    const cells = groups.map(([, members]) => {
      const known = members.filter((i) => { const v = round.value.get(`${c.code} ${i.code}`); return v && (v.state === "reported" || v.state === "nil"); }).length;
      return el("td", { class: `heat ${known ? `q${Math.min(4, Math.floor((5 * known) / members.length))}` : "s-missing"}` }, `${known}/${members.length}`);
    });
    return el("tr", {}, el("th", { scope: "row" }, el("button", { type: "button", class: "link", on: { click: () => open(c.code) } }, c.full)),
      el("td", {}, WORDS.coverage[k.state]), el("td", { class: "num" }, `${k.filled_required}/${k.required}`), ...cells);
  });
  byId("completeness").replaceChildren(table(`${rows.length} đơn vị; ô là số chỉ tiêu có số liệu trên số chỉ tiêu được hỏi.`,
    ["Đơn vị", "Trạng thái", { text: "Bắt buộc", class: "num" }, ...groups.map(([name]) => ({ text: name, class: "heat" }))], rows));
}

function findings(round) {
  const order = Object.keys(WORDS.severities);
  const groups = [...d3.group(round.findings, (f) => f.rule)].sort((a, b) => d3.descending(a[1].length, b[1].length) || d3.ascending(a[0], b[0]));
  const most = groups.length ? groups[0][1].length : 1;
  if (!groups.length) return byId("findings").replaceChildren(el("p", {}, "Không có phát hiện nào còn mở."));
  byId("findings").replaceChildren(...groups.map(([rule, members]) => {
    const worst = d3.least(members, (a, b) => order.indexOf(a.severity) - order.indexOf(b.severity)).severity;
    const list = el("ul", {});
    const fill = () => { if (!list.firstChild) list.append(...members.map((f) => { const item = findingItem(f); if (f.commune_code) item.prepend(el("button", { type: "button", class: "link", on: { click: () => open(f.commune_code) } }, COMMUNE.get(f.commune_code).full), " · "); return item; })); };
    return el("details", { on: { toggle: fill }, "data-rule": rule },
      el("summary", {}, `${DATA.rules[rule] || rule}: `, el("b", {}, number(members.length)), ` · ${WORDS.severities[worst]} · ${new Set(members.map((f) => f.commune_code)).size} đơn vị`, bar(members.length / most)), list);
  }));
}

function pickIndicator() {
  const { round, kinds } = chosen;
  const indicator = (chosen.indicator = INDICATOR.get(byId("indicator").value));
  const city = round.total.get(`${indicator.code} city`);
  byId("definition").textContent = indicator.definition;
  byId("city-line").textContent = city.state === "published"
    ? `Toàn thành phố: ${shownTotal(city)}${city.unit === "%" ? "" : ` ${city.unit}`} · ${city.reported}/${city.expected} đơn vị có số liệu (${percent(city.coverage_weighted)} ${WORDS.weights[city.coverage_weight]}) · ${percent(city.witnessed_share)} có nguồn thứ hai xác nhận`
    : `Toàn thành phố: không công bố. ${city.reason || ""}`;
  tiles(round, indicator, kinds, open);
  ranking(round, indicator, kinds, open);
  distribution(round, indicator, kinds);
}

// A rate compares communes of any size; the one that most of them report says most.
function firstShown(round) {
  const rates = round.asked.filter((i) => i.kind === "rate");
  return d3.greatest(rates.length ? rates : round.asked, (i) => round.total.get(`${i.code} city`).reported).code;
}

function pickRound() {
  const round = (chosen.round = roundData(byId("round").value));
  const kept = byId("indicator").value;
  byId("indicator").replaceChildren(...[...d3.group(round.asked, (i) => i.group_vi)].map(([name, members]) =>
    el("optgroup", { label: name }, ...members.map((i) => el("option", { value: i.code }, i.name)))));
  if (round.asked.some((i) => i.code === kept)) byId("indicator").value = kept;
  else byId("indicator").value = firstShown(round);
  byId("communes").replaceChildren(...round.communes.map((c) => el("option", { value: c.full })));
  cards(round);
  pickIndicator();
  progress(round);
  calendar(round);
  completeness(round);
  saidByTheme(round, open);
  findings(round);
  totals(round);
}

function theme(name) {
  document.documentElement.dataset.theme = name;
  byId("theme").textContent = name === "dark" ? "Nền sáng" : "Nền tối";
}

function begin() {
  theme(matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  byId("stamp").textContent = `Sở Khoa học và Công nghệ Hải Phòng · bản công bố số ${DATA.build.generation}, ${DATA.build.published} · danh mục ${DATA.build.catalogue}`;
  byId("round").append(...DATA.rounds.map((r) => el("option", { value: r.id }, r.title)));
  byId("kinds").append(...[["", "Tất cả"], ...Object.entries(WORDS.kinds)].map(([value, name]) =>
    el("label", {}, el("input", { type: "radio", name: "kind", value, checked: value === "" }), name)));
  byId("coverage-state").append(el("option", { value: "" }, "Tất cả"), ...Object.entries(WORDS.coverage).map(([value, name]) => el("option", { value }, name)));
  for (const [id, listed] of [["said-kind", WORDS.said], ["said-addressee", WORDS.addressees]]) {
    byId(id).append(el("option", { value: "" }, "Tất cả"), ...Object.entries(listed).map(([value, name]) => el("option", { value }, name)));
    byId(id).addEventListener("change", () => saidByTheme(chosen.round, open));
  }
  byId("round").addEventListener("change", pickRound);
  byId("indicator").addEventListener("change", pickIndicator);
  byId("kinds").addEventListener("change", (event) => { chosen.kinds = event.target.value ? [event.target.value] : KINDS; pickIndicator(); });
  byId("coverage-state").addEventListener("change", () => completeness(chosen.round));
  byId("tiles").addEventListener("keydown", walk);
  byId("find").addEventListener("change", (event) => {
    const found = chosen.round.communes.find((c) => c.full === event.target.value || c.code === event.target.value);
    if (found) { event.target.value = ""; open(found.code); }
  });
  byId("print").addEventListener("click", () => window.print());
  byId("theme").addEventListener("click", () => { theme(document.documentElement.dataset.theme === "dark" ? "light" : "dark"); pickIndicator(); progress(chosen.round); });
  window.addEventListener("beforeprint", () => { chosen.theme = document.documentElement.dataset.theme; theme("light"); });
  window.addEventListener("afterprint", () => theme(chosen.theme));
  let width = innerWidth;
  window.addEventListener("resize", () => {
    if (innerWidth === width) return;
    width = innerWidth;
    distribution(chosen.round, chosen.indicator, chosen.kinds);
    progress(chosen.round);
  });
  const wanted = new URLSearchParams(location.hash.slice(1));
  if (DATA.rounds.some((r) => r.id === wanted.get("dot"))) byId("round").value = wanted.get("dot");
  if (!DATA.rounds.length) { byId("round-note").textContent = "Kho báo cáo chưa có đợt nào."; return; }
  pickRound();
  if (COMMUNE.has(wanted.get("don-vi"))) open(wanted.get("don-vi"));
}
begin();
