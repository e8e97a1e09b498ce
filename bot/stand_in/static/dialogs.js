// What does the phone ask before something is sent: a place, a sticker, a date?

import { el } from "./dom.js";

// A dialog with `content`; resolves to what `close` is called with, null when it is left.
export function dialog(title, build) {
  return new Promise((resolve) => {
    let result = null;
    const box = el("dialog", { "aria-label": title });
    const close = (value) => { result = value; box.close(); };
    box.append(
      el("div", { class: "dialog-head" }, el("h2", { text: title }), el("button", { type: "button", class: "quiet", text: "ปิด", onclick: () => close(null) })),
      build(close),
    );
    box.addEventListener("close", () => { box.remove(); resolve(result); });
    document.body.append(box);
    box.showModal();
  });
}

function form(fields, label, close, read) {
  const node = el("form", { method: "dialog" }, ...fields, el("button", { class: "primary", text: label }));
  node.addEventListener("submit", (event) => {
    event.preventDefault();
    close(read(new FormData(node)));
  });
  return node;
}

function field(label, props) {
  return el("label", { class: "field" }, label, el("input", props));
}

export function askLocation() {
  return dialog("ส่งตำแหน่ง", (close) => form([
    field("ชื่อสถานที่", { name: "title", value: "ศาลากลางจังหวัดนนทบุรี", maxlength: 100 }),
    field("ที่อยู่", { name: "address", value: "ถ.รัตนาธิเบศร์ อ.เมืองนนทบุรี จ.นนทบุรี 11000", maxlength: 100 }),
    field("ละติจูด", { name: "latitude", type: "number", step: "any", min: -90, max: 90, required: true, value: "13.8622" }),
    field("ลองจิจูด", { name: "longitude", type: "number", step: "any", min: -180, max: 180, required: true, value: "100.5134" }),
  ], "ส่งตำแหน่ง", close, (data) => ({
    title: data.get("title"), address: data.get("address"), latitude: Number(data.get("latitude")), longitude: Number(data.get("longitude")),
  })));
}

// LINE's own sticker ids with their keywords; drawn with emoji, since LINE's pictures are LINE's.
export const STICKERS = [
  { package_id: "446", sticker_id: "1988", sign: "👋", name: "สวัสดี", keywords: ["Hello", "Hi"] },
  { package_id: "446", sticker_id: "1993", sign: "👍", name: "ตกลง", keywords: ["OK", "Good"] },
  { package_id: "789", sticker_id: "10857", sign: "🙏", name: "ขอบคุณ", keywords: ["Thank you"] },
  { package_id: "789", sticker_id: "10885", sign: "😢", name: "เศร้า", keywords: ["Sad", "Cry"] },
  { package_id: "6136", sticker_id: "10551379", sign: "😡", name: "โกรธ", keywords: ["Angry"] },
  { package_id: "6136", sticker_id: "10551376", sign: "❤️", name: "รัก", keywords: ["Love"] },
];

export function askSticker() {
  return dialog("ส่งสติกเกอร์", (close) => el("div", { class: "sticker-grid" }, ...STICKERS.map((sticker) => el(
    "button", { type: "button", onclick: () => close(sticker) },
    el("span", { class: "sign", "aria-hidden": "true", text: sticker.sign }), el("span", { text: sticker.name }),
  ))));
}

const INPUT_TYPES = { date: "date", time: "time", datetime: "datetime-local" };

// The picked moment as LINE's params, {date}, {time} or {datetime}; null when none was picked.
export function askMoment(action) {
  const local = (value) => value?.replace("t", "T");
  return dialog(action.label || "เลือกวันเวลา", (close) => form([
    field("วันหรือเวลา", {
      name: "picked", type: INPUT_TYPES[action.mode], required: true,
      value: local(action.initial), min: local(action.min), max: local(action.max),
    }),
  ], "เลือก", close, (data) => ({ [action.mode]: data.get("picked") })));
}

// The files chosen on the citizen's own machine; null when none was.
export function askFile(accept, capture) {
  return new Promise((resolve) => {
    const input = el("input", { type: "file", accept, capture });
    input.addEventListener("change", () => resolve(input.files[0] || null));
    input.addEventListener("cancel", () => resolve(null));
    input.click();
  });
}
