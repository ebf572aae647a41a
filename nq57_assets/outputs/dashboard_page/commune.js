"use strict";
// One commune: its figures with their proofs, its files and open findings.
let opener = null;

function proofBox(round, v) {
  const p = round.proofs[v.proof];
  const file = round.files.find((f) => f.sha256 === p.sha256);
  const number_ = file && [file.number, file.symbol].filter(Boolean).join("/");
  return el("div", { class: "proof" },
    el("p", {}, el("b", {}, "Tệp: "), file ? file.original_name : "(không còn trong sổ)",
      number_ ? `, văn bản ${number_}${file.issued_on ? ` ngày ${day(file.issued_on)}` : ""}` : ""),
    el("p", {}, el("b", {}, "Vị trí: "), p.place || "không ghi"),
    el("blockquote", {}, `“${p.quote}”`),
    el("p", {}, el("b", {}, "Đọc được: "), figure(p), ` (${WORDS.methods[p.method] || p.method || "không rõ"}, độ tin cậy ${percent(p.confidence)})`,
      p.decision_id ? `; theo quyết định ${p.decision_id}` : ""),
    v.witnesses ? el("p", {}, el("b", {}, "Xác nhận: "), v.witnesses > 1 ? `có nguồn thứ hai xác nhận (${v.witnesses} nguồn)` : "chỉ có một nguồn") : null,
    el("p", {}, el("b", {}, "SHA-256: "), el("code", {}, p.sha256)));
}

function valueRows(round, commune, indicator) {
  const v = round.value.get(`${commune.code} ${indicator.code}`);
  const state = v ? v.state : "missing";
  const reason = state === "withheld" ? `: ${DATA.rules[v.withheld_by] || v.withheld_by}` : "";
  const id = `proof-${indicator.code}`;
  const hasProof = v && v.proof !== null && v.proof !== undefined;
  const box = hasProof ? el("tr", { id, hidden: true }, el("td", { colspan: "5" })) : null;
  const button = hasProof ? el("button", {
    type: "button", class: "link show-proof", "aria-expanded": "false", "aria-controls": id, "aria-label": `Chứng cứ: ${indicator.name}`,
    on: { click: (event) => {
      if (!box.firstChild.firstChild) box.firstChild.append(proofBox(round, v));
      box.hidden = !box.hidden;
      event.currentTarget.setAttribute("aria-expanded", String(!box.hidden));
    } },
  }, "Xem") : "";
  const row = el("tr", { "data-indicator": indicator.code },
    el("td", {}, indicator.name),
    el("td", { class: "num value" }, shownValue(v, indicator), indicator.kind === "flag" || state !== "reported" ? "" : ` ${indicator.unit}`),
    el("td", {}, WORDS.states[state] + reason, v && v.in_review ? ` (${v.in_review} chờ rà soát)` : ""),
    el("td", { class: "num" }, v && v.place && indicator.kind !== "flag" ? `${v.place}/${v.ranked}` : ""),
    el("td", {}, button));
  return box ? [row, box] : [row];
}

function communePage(round, commune) {
  const covered = round.covered.get(commune.code);
  const own = new Set(round.values.filter((v) => v.commune === commune.code && v.state !== "missing").map((v) => v.indicator));
  const listed = DATA.indicators.filter((i) => round.total.has(`${i.code} city`) || own.has(i.code));
  const body = [];
  for (const [group, members] of d3.group(listed, (i) => i.group_vi)) {
    body.push(el("tr", { class: "group" }, el("th", { colspan: "5", scope: "colgroup" }, group)));
    for (const indicator of members) body.push(...valueRows(round, commune, indicator));
  }
  const findings = round.findings.filter((f) => f.commune_code === commune.code);
  const files = round.files.filter((f) => f.commune_code === commune.code);
  const late = covered && covered.on_time === false && covered.submitted ? `, chậm ${covered.days_late} ngày` : "";
  const status = covered
    ? `${WORDS.coverage[covered.state]}; ${covered.filled_required}/${covered.required} chỉ tiêu bắt buộc${late}; ${covered.open_findings} phát hiện còn mở.`
    : "Không phải báo cáo trong đợt này.";
  return [
    el("div", { class: "head" },
      el("div", {}, el("h2", { id: "commune-name", tabindex: "-1" }, commune.full),
        el("p", { class: "quiet" }, `Mã ${commune.code} · ${round.title} · ${status}`)),
      el("button", { type: "button", class: "close", on: { click: closeCommune } }, "Đóng")),
    table("Hạng trong cùng loại đơn vị.", ["Chỉ tiêu", { text: "Giá trị", class: "num" }, "Tình trạng", { text: "Hạng", class: "num" }, "Chứng cứ"], body),
    ...saidOfCommune(round, commune),
    el("h3", {}, `Phát hiện còn mở (${findings.length})`),
    findings.length ? el("ul", {}, ...findings.map(findingItem)) : el("p", {}, "Không có."),
    el("h3", {}, `Tệp đã nhận (${files.length})`),
    files.length ? el("ul", {}, ...files.map((f) => el("li", {}, `${f.original_name} · nhận ${moment(f.received_at)}${f.is_current ? " · bản đang dùng" : ""} `, el("code", {}, f.sha256.slice(0, 16))))) : el("p", {}, "Chưa có."),
  ];
}

function findingItem(f) {
  const place = [f.original_name, f.address].filter(Boolean).join(", ");
  return el("li", {}, el("b", { class: f.severity === "error" || f.severity === "critical" ? "bad" : null }, `${WORDS.severities[f.severity]}: `),
    f.message_vi, place ? ` (${place})` : "", " ", el("span", { class: "quiet" }, f.advice_vi));
}

function openCommune(round, code) {
  const commune = COMMUNE.get(code);
  if (!commune) return;
  const dialog = document.getElementById("commune");
  opener = dialog.open ? opener : document.activeElement;
  document.getElementById("commune-body").replaceChildren(...communePage(round, commune));
  if (!dialog.open) dialog.showModal();
  document.body.classList.add("one");
  dialog.scrollTop = 0;
  document.getElementById("commune-name").focus();
}
function closeCommune() {
  document.getElementById("commune").close();
}
document.getElementById("commune").addEventListener("close", () => {
  document.body.classList.remove("one");
  history.replaceState(null, "", location.pathname + location.search);
  if (opener && opener.isConnected) opener.focus();
});
