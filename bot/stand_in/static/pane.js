// What is one citizen's phone: the chat, what can be sent, what can be done to it?

import { sendFile, sendLocation } from "./actions.js";
import { askSticker } from "./dialogs.js";
import { el, post } from "./dom.js";
import { line, quickReplies } from "./messages.js";

export class Pane {
  constructor(citizen) {
    this.user_id = citizen.user_id;
    this.entries = new Map();
    this.lines = new Map();
    this.group = el("input", { type: "checkbox" });
    this.box = el("textarea", { rows: 1, placeholder: "พิมพ์ข้อความ", "aria-label": `ข้อความจาก ${citizen.name}`, maxlength: 5000 });
    this.log = el("div", { class: "log", role: "log", tabindex: "0", "aria-label": `แชตของ ${citizen.name}` });
    this.follows = true;
    this.log.addEventListener("scroll", () => { this.follows = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 80; });
    this.log.addEventListener("load", () => this.keepUp(), true);
    new ResizeObserver(() => this.keepUp()).observe(this.log);
    this.dots = el("p", { class: "dots", text: "บอทกำลังพิมพ์…", hidden: true });
    this.quick = el("div", { class: "quick", role: "group", "aria-label": "ปุ่มลัด" });
    this.blocking = el("button", { type: "button", onclick: () => this.act(this.is_blocking ? "unblock" : "block") });
    this.node = el("section", { class: "pane", "aria-label": `โทรศัพท์ของ ${citizen.name}` }, this.head(citizen), this.log, this.dots, this.quick, this.composer());
  }

  get chat() {
    return {
      user_id: this.user_id,
      in_group: this.group.checked,
      fill: (text) => { this.box.value = text; this.box.focus(); },
    };
  }

  act(name, body = {}) {
    return post(`citizens/${this.user_id}/${name}`, { ...body, in_group: this.group.checked });
  }

  head(citizen) {
    return el("header", { class: "pane-head" },
      el("h2", { text: citizen.name }),
      el("div", { class: "pane-acts" },
        el("button", { type: "button", text: "ส่งซ้ำ", title: "ส่งเหตุการณ์ล่าสุดไปหาบอทอีกครั้ง", onclick: () => this.act("redeliver") }),
        el("button", { type: "button", text: "ยกเลิกข้อความ", title: "ยกเลิกข้อความล่าสุดที่ส่ง", onclick: () => this.act("unsend") }),
        this.blocking,
      ));
  }

  composer() {
    const form = el("form", { class: "composer" }, this.box, el("button", { class: "primary", text: "ส่ง" }));
    form.addEventListener("submit", (event) => { event.preventDefault(); this.say(); });
    this.box.addEventListener("keydown", (event) => {
      if (event.code !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.say();
    });
    return el("div", { class: "foot" },
      el("div", { class: "attach" },
        el("button", { type: "button", text: "สติกเกอร์", onclick: () => this.sticker() }),
        el("button", { type: "button", text: "รูป", onclick: () => sendFile(this.chat, "image/*") }),
        el("button", { type: "button", text: "ตำแหน่ง", onclick: () => sendLocation(this.chat) }),
        el("button", { type: "button", text: "ไฟล์", onclick: () => sendFile(this.chat, "") }),
        el("label", { class: "group" }, this.group, "ในกลุ่ม @บอท"),
      ),
      form);
  }

  async say() {
    const text = this.box.value;
    if (!text.trim()) return;
    this.box.value = "";
    if (!await this.act("say", { text })) this.box.value = text;
  }

  async sticker() {
    const chosen = await askSticker();
    if (chosen) await this.act("sticker", chosen);
  }

  // The newest line stays in sight, also when a picture arrives late, unless the reader has scrolled up.
  keepUp() {
    if (this.follows) this.log.scrollTop = this.log.scrollHeight;
  }

  // The pane as the server tells it; returns how many lines of the bot are new.
  show(citizen, changed) {
    this.is_blocking = citizen.is_blocking;
    this.node.classList.toggle("is-blocking", citizen.is_blocking);
    this.blocking.textContent = citizen.is_blocking ? "เลิกบล็อก" : "บล็อก";
    let news = 0;
    for (const entry of changed) {
      const made = line(entry, this.chat);
      const old = this.lines.get(entry.entry_id);
      if (old) old.replaceWith(made);
      else {
        this.log.append(made);
        if (entry.by === "bot") news += 1;
        else this.follows = true;
      }
      this.lines.set(entry.entry_id, made);
      this.entries.set(entry.entry_id, entry);
    }
    this.dots.hidden = !citizen.is_loading;
    if (changed.length) this.quick.replaceChildren(...quickReplies([...this.entries.values()].at(-1), this.chat));
    this.keepUp();
    return news;
  }
}
