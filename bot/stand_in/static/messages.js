// How does each kind of message look in the chat?

import { actionButton, tappable } from "./actions.js";
import { STICKERS } from "./dialogs.js";
import { address, el, linked, picture } from "./dom.js";
import { flex } from "./flex.js";

const BOT = document.body.dataset.bot;
const OUTCOMES = {
  sending: "กำลังส่ง…",
  ok: "ส่งถึงบอทแล้ว",
  late: "บอทตอบรับช้าเกิน 2 วินาที",
  unreachable: "ต่อกับบอทไม่ได้",
  "no address": "ยังไม่ได้ตั้งที่อยู่ของบอท",
};
const VIA = { reply: "ตอบกลับ · ฟรี", push: "พุช · ใช้โควตา" };

function time(at) {
  return new Intl.DateTimeFormat("th-TH", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Bangkok" }).format(new Date(at));
}

export function line(entry, chat) {
  if (entry.message.type === "note") return note(entry, entry.message.text);
  if (entry.message.type === "unsent") return note(entry, "ยกเลิกข้อความแล้ว");
  if (entry.message.type === "tap" && !entry.message.text) return note(entry, "แตะปุ่ม");
  const own = entry.by === "citizen";
  const here = { ...chat, in_group: entry.in_group };
  const node = el("div", { class: `line ${own ? "own" : "bots"}` });
  if (!own) node.append(sender(entry.message.sender));
  node.append(el("div", { class: "said" }, draw(entry.message, here, own)), el("p", { class: "meta", text: about(entry, own) }));
  return node;
}

function note(entry, text) {
  const trouble = entry.state && entry.state !== "ok" ? ` · ${outcome(entry.state)}` : "";
  return el("div", { class: "note", text: `${text}${trouble}${again(entry)} · ${time(entry.at)}` });
}

function outcome(state) {
  return OUTCOMES[state] || `บอทไม่รับ (${state})`;
}

function again(entry) {
  return entry.redelivered ? ` · ส่งซ้ำ ${entry.redelivered} ครั้ง` : "";
}

function about(entry, own) {
  const where = entry.in_group ? "ในกลุ่ม · " : "";
  const how = own ? (entry.is_read ? "อ่านแล้ว" : outcome(entry.state)) + again(entry) : VIA[entry.via] || "";
  return `${where}${how} · ${time(entry.at)}`;
}

function sender(given) {
  const name = given?.name || BOT;
  const face = el("span", { class: "face", "aria-hidden": "true", text: [...name][0] });
  return el("p", { class: "sender" }, given?.iconUrl ? picture(given.iconUrl, "", { class: "face" }) : face, el("span", { text: name }));
}

function draw(message, chat, own) {
  switch (message.type) {
    case "text":
    case "textV2":
    case "tap":
      return el("div", { class: "words" }, ...linked(message.text));
    case "sticker":
      return sticker(message);
    case "image":
      return own ? picture(address(`content/${message.id}`), "รูปที่ส่ง", { class: "photo" }) : photo(message);
    case "video":
    case "audio":
    case "file":
      return file(message, own);
    case "location":
      return location(message);
    case "template":
      return template(message.template, chat);
    case "flex":
      return flex(message.contents, chat);
    case "imagemap":
      return card({ text: message.altText }, message.actions.map((action) => (action.linkUri ? { type: "uri", uri: action.linkUri, label: action.label } : action)), chat);
    default:
      return el("div", { class: "words", text: message.altText || `[${message.type}]` });
  }
}

function sticker(message) {
  const known = STICKERS.find((each) => each.package_id === message.packageId && each.sticker_id === message.stickerId);
  const name = known ? `สติกเกอร์ ${known.name}` : `สติกเกอร์ ${message.packageId}/${message.stickerId}`;
  return el("div", { class: "sticker" }, known ? el("span", { class: "sign", "aria-hidden": "true", text: known.sign }) : "", el("span", { text: name }));
}

function photo(message) {
  const shown = picture(message.previewImageUrl, "รูปจากบอท", { class: "photo" });
  return el("a", { href: message.originalContentUrl, target: "_blank", rel: "noopener noreferrer" }, shown);
}

function file(message, own) {
  const names = { video: "วิดีโอ", audio: "เสียง", file: message.fileName };
  const url = own ? address(`content/${message.id}`) : message.originalContentUrl;
  const size = message.fileSize === undefined ? "" : ` (${Math.ceil(message.fileSize / 1024)} KB)`;
  return el("div", { class: "words" }, el("a", { href: url, target: "_blank", rel: "noopener noreferrer", text: `${names[message.type]}${size}` }));
}

function location(message) {
  const where = `${message.latitude},${message.longitude}`;
  return el("div", { class: "card" }, el("div", { class: "card-body" },
    el("p", { class: "card-title", text: message.title || "ตำแหน่ง" }),
    message.address ? el("p", { text: message.address }) : "",
    el("a", { href: `https://www.google.com/maps/search/?api=1&query=${where}`, target: "_blank", rel: "noopener noreferrer", text: `ดูแผนที่ (${where})` }),
  ));
}

function template(content, chat) {
  switch (content.type) {
    case "carousel":
      return row(content.columns.map((column) => card(column, column.actions, chat, content)));
    case "image_carousel":
      return row(content.columns.map((column) => tappable(el("div", { class: "card" },
        picture(column.imageUrl, column.action.label || "รูปจากบอท", { class: "thumb square" }),
        el("p", { class: "image-label", text: column.action.label || "" })), column.action, chat)));
    default:
      return card(content, content.actions, chat, content);
  }
}

function row(cards) {
  return el("div", { class: "carousel", tabindex: "0", role: "group", "aria-label": "การ์ดหลายใบ เลื่อนซ้ายขวาได้" }, ...cards);
}

function card(content, actions, chat, look = {}) {
  const body = el("div", { class: "card-body" }, content.title ? el("p", { class: "card-title", text: content.title }) : "", el("p", { text: content.text }));
  const shape = `thumb ${look.imageAspectRatio === "square" ? "square" : ""} ${look.imageSize === "contain" ? "contain" : ""}`;
  return el("div", { class: "card" },
    content.thumbnailImageUrl ? picture(content.thumbnailImageUrl, "รูปจากบอท", { class: shape }) : "",
    tappable(body, content.defaultAction, chat),
    el("div", { class: content.type === "confirm" ? "card-actions side" : "card-actions" }, ...actions.map((action) => actionButton(action, chat))),
  );
}

// The quick replies of the newest message, if it is the bot's.
export function quickReplies(entry, chat) {
  const items = entry?.by === "bot" ? entry.message.quickReply?.items || [] : [];
  return items.map((item) => {
    const button = actionButton(item.action, { ...chat, in_group: entry.in_group }, "chip");
    if (item.imageUrl) button.prepend(picture(item.imageUrl, "", { class: "chip-icon" }));
    return button;
  });
}
