"use strict";
// The embedded data as records, and how figures are written. Mirrors outputs/words.py; a test compares the two.
const DATA = JSON.parse(document.getElementById("data").textContent);
const WORDS = DATA.words;
const COMMUNE = new Map(DATA.communes.map((c) => [c.code, c]));
const INDICATOR = new Map(DATA.indicators.map((i) => [i.code, i]));
const KINDS = Object.keys(WORDS.kinds);

function records(rows, fields) {
  return rows.map((row) => Object.fromEntries(fields.map((name, i) => [name, row[i]])));
}

const READY = new Map();
function roundData(id) {
  if (READY.has(id)) return READY.get(id);
  const raw = DATA.rounds.find((r) => r.id === id);
  const round = { ...raw };
  for (const part of ["values", "proofs", "city", "coverage", "findings", "statements", "files"]) {
    round[part] = records(raw[part], DATA.fields[part]);
  }
  for (const v of round.values) v.indicator = DATA.indicators[v.indicator].code;
  for (const v of round.values) v.commune = DATA.communes[v.commune].code;
  for (const s of round.statements) s.commune = DATA.communes[s.commune].code;
  for (const p of round.proofs) p.sha256 = round.hashes[p.sha256];
  round.value = new Map(round.values.map((v) => [`${v.commune} ${v.indicator}`, v]));
  round.total = new Map(round.city.map((t) => [`${t.indicator} ${t.scope_key}`, t]));
  round.covered = new Map(round.coverage.map((k) => [k.commune_code, k]));
  round.asked = DATA.indicators.filter((i) => round.total.has(`${i.code} city`));
  round.communes = DATA.communes.filter((c) => round.covered.has(c.code));
  READY.set(id, round);
  return round;
}

const plainNumber = new Intl.NumberFormat("vi-VN", { maximumFractionDigits: 2, useGrouping: "always" });
const number = (value) => plainNumber.format(value).replace("-", "−");
function percent(share) {
  let shown = Math.round(share * 1000) / 10;
  if (share < 1 && shown >= 100) shown = 99.9;
  return new Intl.NumberFormat("vi-VN", { maximumFractionDigits: 1 }).format(shown) + "%";
}
const PREFIX = { exact: "", approx: "≈", over: "≥", under: "≤" };
function figure(v) {
  if (v.value !== null) return (PREFIX[v.qualifier || "exact"] || "") + number(v.value);
  if (v.low !== null && v.high !== null) return `${number(v.low)}–${number(v.high)}`;
  if (v.low !== null) return `≥${number(v.low)}`;
  return v.high !== null ? `≤${number(v.high)}` : WORDS.marks.missing;
}
function shownValue(v, indicator) {
  if (!v) return WORDS.marks.missing;
  const mark = v.in_review ? "*" : "";
  if (v.state !== "reported") return WORDS.marks[v.state] + mark;
  if (indicator.kind === "flag") return (v.value ? "Có" : "Không") + mark;
  return figure(v) + mark;
}
function shownTotal(t) {
  if (!t || t.state !== "published") return "KCB";
  return figure(t) + (t.unit === "%" ? "%" : "");
}
const day = (iso) => (iso ? iso.slice(0, 10).split("-").reverse().join("/") : "");
const moment = (iso) => (iso ? `${iso.slice(11, 16)} ngày ${day(iso)}` : "");
const point = (v) => (v.value !== null ? v.value : v.low !== null && v.high !== null ? (v.low + v.high) / 2 : v.low ?? v.high);

// An element with its text; submitted words only ever become text, never markup.
function el(name, given = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(given)) {
    if (value === null || value === undefined || value === false) continue;
    if (key === "on") for (const [event, act] of Object.entries(value)) node.addEventListener(event, act);
    else if (key === "class") node.className = value;
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}
function table(caption, head, body) {
  const names = head.map((name) =>
    typeof name === "string" ? el("th", { scope: "col" }, name) : el("th", { scope: "col", class: name.class }, name.text));
  return el("table", {}, el("caption", {}, caption), el("thead", {}, el("tr", {}, ...names)), el("tbody", {}, ...body));
}
const bar = (share) => el("span", { class: "bar", "aria-hidden": "true" }, el("i", { style: `width:${Math.max(0, Math.min(100, 100 * share))}%` }));
