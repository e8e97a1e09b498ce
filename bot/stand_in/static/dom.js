// How are elements made, and how does the page talk to the stand-in? Text is only ever set as text.

const base = document.body.dataset.base;

export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "class") node.className = value;
    else if (name === "text") node.textContent = value;
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter(Boolean));
  return node;
}

export function address(path) {
  return base + path;
}

export async function post(path, body) {
  const isForm = body instanceof FormData;
  const headers = { "X-Stand-In": "1", ...(isForm ? {} : { "Content-Type": "application/json" }) };
  try {
    const answer = await fetch(address(path), { method: "POST", headers, body: isForm ? body : JSON.stringify(body ?? {}) });
    if (!answer.ok) toast((await answer.json().catch(() => ({}))).message || "ทำไม่สำเร็จ ลองใหม่อีกครั้งค่ะ");
    else document.dispatchEvent(new Event("acted"));
    return answer.ok;
  } catch {
    toast("ต่อกับ LINE จำลองไม่ได้ ดูว่าโปรแกรมยังเปิดอยู่ค่ะ");
    return false;
  }
}

let fading;
export function toast(text) {
  const place = document.getElementById("toast");
  place.textContent = text;
  clearTimeout(fading);
  fading = setTimeout(() => { place.textContent = ""; }, 5000);
}

// An <img> from https, this machine or the page itself; a word stands in when it cannot be loaded.
export function picture(url, alt, props = {}) {
  const node = el("img", { src: String(url), alt, loading: "lazy", referrerpolicy: "no-referrer", ...props });
  node.addEventListener("error", () => node.replaceWith(el("span", { class: `no-picture ${props.class || ""}`, text: alt || "รูปโหลดไม่ได้" })), { once: true });
  return node;
}

// What was typed, with web addresses and phone links made clickable.
export function linked(text) {
  const parts = [];
  let from = 0;
  for (const found of text.matchAll(/https?:\/\/[^\s<>"'“”]+/g)) {
    parts.push(text.slice(from, found.index), el("a", { href: found[0], target: "_blank", rel: "noopener noreferrer", text: found[0] }));
    from = found.index + found[0].length;
  }
  parts.push(text.slice(from));
  return parts;
}
