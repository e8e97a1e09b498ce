// The chat page: asks the stand-in every 0.7 s what is new and hands it to the panes.

import { address, el, post, toast } from "./dom.js";
import { Pane } from "./pane.js";

const EVERY_MS = 700;
const panes = new Map();
const tabs = new Map();
const $ = (id) => document.getElementById(id);
let revision = 0;
let started = "";
let current = "";
let asking = false;

function select(userId) {
  current = userId;
  for (const [id, pane] of panes) {
    pane.node.classList.toggle("is-current", id === userId);
    tabs.get(id).toggleAttribute("aria-current", id === userId);
  }
  tabs.get(userId).querySelector(".unread").textContent = "";
  panes.get(userId).keepUp();
}

function join(citizen) {
  const pane = new Pane(citizen);
  const tab = el("button", { type: "button", onclick: () => select(citizen.user_id) }, citizen.name, el("span", { class: "unread" }));
  panes.set(citizen.user_id, pane);
  tabs.set(citizen.user_id, tab);
  $("panes").append(pane.node);
  $("tabs").append(tab);
  return pane;
}

function startOver(state) {
  started = state.started;
  for (const pane of panes.values()) pane.node.remove();
  panes.clear();
  tabs.clear();
  $("tabs").replaceChildren();
}

function show(state, isFirst) {
  $("empty").hidden = state.citizens.length > 0;
  const byCitizen = Map.groupBy ? Map.groupBy(state.entries, (entry) => entry.user_id) : grouped(state.entries);
  for (const citizen of state.citizens) {
    const pane = panes.get(citizen.user_id) || join(citizen);
    if (!current || !panes.has(current)) select(citizen.user_id);
    const news = pane.show(citizen, byCitizen.get(citizen.user_id) || []);
    if (news && !isFirst && citizen.user_id !== current) tabs.get(citizen.user_id).querySelector(".unread").textContent = " ใหม่";
  }
  settings(state);
}

function grouped(entries) {
  const found = new Map();
  for (const entry of entries) found.set(entry.user_id, [...(found.get(entry.user_id) || []), entry]);
  return found;
}

function settings(state) {
  const quota = state.monthly_limit === null ? `ส่งพุชแล้ว ${state.consumption} (ไม่จำกัด)` : `โควตาเหลือ ${Math.max(0, state.monthly_limit - state.consumption)} จาก ${state.monthly_limit}`;
  const health = state.is_failing ? "✖ LINE ล่มอยู่" : state.delay_seconds ? `◷ LINE ช้า ${state.delay_seconds} วินาที` : "✔ LINE ปกติ";
  const text = `${health} · ${quota}`;
  if ($("summary").textContent !== text) $("summary").textContent = text;
  $("failing").setAttribute("aria-pressed", String(state.is_failing));
  $("failing").textContent = state.is_failing ? "ให้ LINE กลับมา" : "ทำ LINE ให้ล่ม";
  if (document.activeElement !== $("delay")) chosenDelay(String(state.delay_seconds));
  const limit = $("quota").elements.limit;
  if (document.activeElement !== limit) limit.value = state.monthly_limit ?? "";
}

function chosenDelay(seconds) {
  const wanted = seconds.replace(/\.0$/, "");
  if (![...$("delay").options].some((option) => option.value === wanted)) $("delay").append(el("option", { value: wanted, text: `${wanted} วินาที` }));
  $("delay").value = wanted;
}

async function ask() {
  if (asking) return;
  asking = true;
  try {
    let state = await (await fetch(address(`state?since=${revision}`))).json();
    if (state.started !== started) {
      startOver(state);
      if (revision) state = await (await fetch(address("state?since=0"))).json();
    }
    const isFirst = revision === 0;
    revision = state.revision;
    show(state, isFirst);
  } catch (error) {
    $("summary").textContent = "✖ ต่อกับ LINE จำลองไม่ได้";
    console.error(error);
  } finally {
    asking = false;
  }
}

$("add").addEventListener("submit", async (event) => {
  event.preventDefault();
  const field = $("new-name");
  if (await post("citizens", { name: field.value })) field.value = "";
});
$("delay").addEventListener("change", () => post("faults", { delay_seconds: Number($("delay").value) }));
$("failing").addEventListener("click", () => post("faults", { is_failing: $("failing").getAttribute("aria-pressed") !== "true" }));
$("quota").addEventListener("submit", async (event) => {
  event.preventDefault();
  const limit = $("quota").elements.limit.value.trim();
  if (await post("quota", { monthly_limit: limit === "" ? null : Number(limit) })) toast("ตั้งโควตาแล้ว");
});
$("controls").open = window.matchMedia("(min-width: 700px)").matches;
document.addEventListener("acted", ask);
setInterval(ask, EVERY_MS);
ask();
