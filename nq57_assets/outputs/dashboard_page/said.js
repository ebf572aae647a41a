"use strict";
// What communes find difficult, why, and what they ask for: by theme over the city, and on a commune's page.
function saidItem(s, withTheme) {
  const told = [WORDS.said[s.kind], s.addressee ? WORDS.addressees[s.addressee] : "", withTheme ? DATA.themes[s.theme] : ""];
  return el("li", {}, el("span", {}, `“${s.text}” `), el("span", { class: "quiet" }, [...told, s.place].filter(Boolean).join(" · ")));
}

function saidByTheme(round, open) {
  const kind = document.getElementById("said-kind").value, addressee = document.getElementById("said-addressee").value;
  const chosen_ = round.statements.filter((s) => (!kind || s.kind === kind) && (!addressee || s.addressee === addressee));
  const reporting = new Set(round.files.filter((f) => f.counts_as_report).map((f) => f.commune_code)).size;
  const communesOf = (members) => new Set(members.map((s) => s.commune)).size;
  const said = communesOf(chosen_);
  document.getElementById("said-note").textContent = chosen_.length
    ? `${said}/${reporting} đơn vị đã báo cáo có ý kiến, ${number(chosen_.length)} ý kiến; ${reporting - said} đơn vị không nêu. Biểu mẫu không hỏi nội dung này.`
    : "Không có ý kiến nào.";
  const turn = Object.keys(DATA.themes);
  const groups = [...d3.group(chosen_, (s) => s.theme)]
    .sort((a, b) => d3.descending(communesOf(a[1]), communesOf(b[1])) || d3.ascending(turn.indexOf(a[0]), turn.indexOf(b[0])));
  document.getElementById("said").replaceChildren(...groups.map(([theme, members]) => {
    const parts = Object.keys(WORDS.said).map((k) => [k, members.filter((s) => s.kind === k)]).filter(([, own]) => own.length);
    const list = el("ul", {});
    const fill = () => {
      if (list.firstChild) return;
      list.append(...members.map((s) => {
        const item = saidItem(s, false);
        item.prepend(el("button", { type: "button", class: "link", on: { click: () => open(s.commune) } }, COMMUNE.get(s.commune).full), " · ");
        return item;
      }));
    };
    return el("details", { on: { toggle: fill }, "data-theme-code": theme },
      el("summary", {}, `${DATA.themes[theme]}: `, el("b", {}, `${communesOf(members)} đơn vị`),
        ` · ${parts.map(([k, own]) => `${WORDS.said[k].toLowerCase()} ${communesOf(own)}`).join(" · ")}`, bar(communesOf(members) / Math.max(1, reporting))), list);
  }));
}

function saidOfCommune(round, commune) {
  const own = round.statements.filter((s) => s.commune === commune.code);
  const turn = Object.keys(WORDS.said);
  own.sort((a, b) => d3.ascending(turn.indexOf(a.kind), turn.indexOf(b.kind)));
  return [
    el("h3", {}, `Khó khăn, nguyên nhân, kiến nghị (${own.length})`),
    own.length ? el("ul", { class: "said" }, ...own.map((s) => saidItem(s, true))) : el("p", {}, "Báo cáo không nêu, hoặc đơn vị chỉ nộp biểu mẫu."),
  ];
}
