// What happens when a citizen taps something the bot sent?

import { askFile, askLocation, askMoment } from "./dialogs.js";
import { el, post, toast } from "./dom.js";

export async function sendFile(chat, accept, capture) {
  const file = await askFile(accept, capture);
  if (!file) return;
  const form = new FormData();
  form.append("file", file);
  if (chat.in_group) form.append("in_group", "1");
  await post(`citizens/${chat.user_id}/file`, form);
}

export async function sendLocation(chat) {
  const place = await askLocation();
  if (place) await post(`citizens/${chat.user_id}/location`, place);
}

// `chat` is {user_id, in_group, fill(text)}: whose phone, and where the message came from.
export async function perform(action, chat) {
  const to = (act, body) => post(`citizens/${chat.user_id}/${act}`, { ...body, in_group: chat.in_group });
  switch (action.type) {
    case "message":
      return to("say", { text: action.text });
    case "postback":
      if (action.inputOption === "openKeyboard") chat.fill(action.fillInText || "");
      return to("tap", { data: action.data, display_text: action.displayText || action.text });
    case "datetimepicker": {
      const picked = await askMoment(action);
      return picked && to("tap", { data: action.data, picked });
    }
    case "uri":
      return open(action.uri);
    case "camera":
      return sendFile(chat, "image/*", "environment");
    case "cameraRoll":
      return sendFile(chat, "image/*,video/*");
    case "location":
      return sendLocation(chat);
    case "clipboard":
      await navigator.clipboard?.writeText(action.clipboardText).catch(() => {});
      return toast("คัดลอกแล้ว");
    default:
      return toast(`LINE จำลองยังทำ ${action.type} ไม่ได้ค่ะ`);
  }
}

function open(uri) {
  if (/^https?:/i.test(uri)) window.open(uri, "_blank", "noopener,noreferrer");
  else if (/^tel:/i.test(uri)) toast(`โทร ${uri.slice(4)}`);
  else toast(`LINE จะเปิด ${uri}`);
}

export function actionButton(action, chat, className = "action") {
  return el("button", { type: "button", class: className, text: action.label || action.text || "เปิด", onclick: () => perform(action, chat) });
}

// `node` acts when tapped, by pointer or by keyboard; a tap on a button inside is the button's own.
export function tappable(node, action, chat) {
  if (!action) return node;
  node.setAttribute("role", "button");
  node.setAttribute("tabindex", "0");
  if (action.label) node.setAttribute("aria-label", action.label);
  node.classList.add("tappable");
  const act = (event) => {
    if (event.target.closest("button, a, [role=button]") !== node) return;
    event.preventDefault();
    perform(action, chat);
  };
  node.addEventListener("click", act);
  node.addEventListener("keydown", (event) => { if (event.code === "Enter" || event.code === "Space") act(event); });
  return node;
}
