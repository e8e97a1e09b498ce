// How does a flex message look? Names and numbers: https://developers.line.biz/en/docs/messaging-api/flex-message-layout/

import { actionButton, tappable } from "./actions.js";
import { el, picture } from "./dom.js";

const WIDTHS = { nano: 120, micro: 160, deca: 220, hecto: 241, kilo: 260, mega: 300, giga: 386 };
const TEXT_SIZES = { xxs: 11, xs: 13, sm: 14, md: 16, lg: 19, xl: 22, xxl: 29, "3xl": 35, "4xl": 48, "5xl": 74 };
const SPACES = { none: 0, xs: 2, sm: 4, md: 8, lg: 12, xl: 16, xxl: 20 };
const IMAGE_SIZES = { xxs: 40, xs: 60, sm: 80, md: 100, lg: 120, xl: 140, xxl: 160, "3xl": 180, "4xl": 200, "5xl": 220 };
const BORDERS = { none: 0, light: 0.5, normal: 1, medium: 2, "semi-bold": 3, bold: 4 };
const CORNERS = { none: 0, xs: 2, sm: 4, md: 8, lg: 12, xl: 16, xxl: 20 };
const SIDES = { start: "left", end: "right", center: "center" };
const PLACES = { top: "flex-start", bottom: "flex-end", center: "center" };

function length(value, names = SPACES) {
  if (value === undefined || value === null) return "";
  return value in names ? `${names[value]}px` : String(value);
}

export function flex(container, chat) {
  if (container.type !== "carousel") return bubble(container, chat);
  return el("div", { class: "carousel", tabindex: "0", role: "group", "aria-label": "การ์ดหลายใบ เลื่อนซ้ายขวาได้" }, ...container.contents.map((each) => bubble(each, chat)));
}

function bubble(content, chat) {
  const node = el("div", { class: "flex-bubble", dir: content.direction });
  node.style.width = `${WIDTHS[content.size] || WIDTHS.mega}px`;
  for (const part of ["header", "hero", "body", "footer"]) {
    if (!content[part]) continue;
    const style = content.styles?.[part] || {};
    const block = el("div", { class: `flex-${part}` }, component(content[part], "vertical", chat));
    if (style.backgroundColor) block.style.backgroundColor = style.backgroundColor;
    if (style.separator) block.style.borderTop = `1px solid ${style.separatorColor || "#d4d6da"}`;
    if (part !== "hero" && hasPadding(content[part])) block.classList.add("own-padding");
    node.append(block);
  }
  return tappable(node, content.action, chat);
}

function hasPadding(content) {
  return ["All", "Top", "Bottom", "Start", "End"].some((side) => content[`padding${side}`] !== undefined);
}

const DRAW = { box, text, button, image, icon, separator, filler: space, spacer: space, span, video };

function component(content, layout, chat, spacing, index = 0) {
  const draw = DRAW[content.type];
  const node = draw ? draw(content, chat, layout) : el("span", { text: `[${content.type}]` });
  place(node, content, layout, spacing, index);
  return node;
}

function place(node, content, layout, spacing, index) {
  const across = layout !== "vertical";
  const fixed = ["separator", "icon", "spacer"].includes(content.type);
  const share = content.flex ?? (fixed ? 0 : across || content.type === "filler" ? 1 : 0);
  node.style.flex = share > 0 && (across || content.flex || content.type === "filler") ? `${share} ${share} ${across ? "0" : "auto"}` : "0 0 auto";
  if (across && share > 0) node.style.minWidth = "0";
  if (across && content.width) node.style.flex = "0 0 auto";
  const gap = content.margin ?? spacing;
  if (index > 0 && gap) node.style[across ? "marginLeft" : "marginTop"] = length(gap);
  if (content.gravity && across) node.style.alignSelf = PLACES[content.gravity];
  if (content.position === "absolute") node.style.position = "absolute";
  else if (["Top", "Bottom", "Start", "End"].some((side) => content[`offset${side}`])) node.style.position = "relative";
  node.style.top = length(content.offsetTop);
  node.style.bottom = length(content.offsetBottom);
  node.style.left = length(content.offsetStart);
  node.style.right = length(content.offsetEnd);
}

function box(content, chat) {
  const node = el("div", { class: `flex-box ${content.layout}` });
  const style = node.style;
  style.padding = length(content.paddingAll);
  for (const [from, to] of [["Top", "Top"], ["Bottom", "Bottom"], ["Start", "Left"], ["End", "Right"]]) {
    if (content[`padding${from}`] !== undefined) style[`padding${to}`] = length(content[`padding${from}`]);
  }
  for (const name of ["width", "maxWidth", "height", "maxHeight"]) style[name] = length(content[name]);
  if (content.backgroundColor) style.backgroundColor = content.backgroundColor;
  const shade = content.background;
  if (shade?.type === "linearGradient") {
    const stops = [shade.startColor, shade.centerColor && `${shade.centerColor} ${shade.centerPosition || "50%"}`, shade.endColor].filter(Boolean);
    style.backgroundImage = `linear-gradient(${shade.angle}, ${stops.join(", ")})`;
  }
  if (content.borderWidth || content.borderColor) {
    style.border = `${length(content.borderWidth || "normal", BORDERS)} solid ${content.borderColor || "#d4d6da"}`;
  }
  style.borderRadius = length(content.cornerRadius, CORNERS);
  if (content.cornerRadius) style.overflow = "hidden";
  if (content.justifyContent) style.justifyContent = content.justifyContent;
  if (content.alignItems) style.alignItems = content.alignItems;
  let index = 0;
  for (const child of content.contents || []) {
    node.append(component(child, content.layout, chat, content.spacing, child.position === "absolute" ? 0 : index));
    if (child.position !== "absolute") index += 1;
  }
  return tappable(node, content.action, chat);
}

function dress(node, content) {
  if (content.size) node.style.fontSize = TEXT_SIZES[content.size] ? `${TEXT_SIZES[content.size] / 16}rem` : content.size;
  if (content.color) node.style.color = content.color;
  if (content.weight === "bold") node.style.fontWeight = "700";
  if (content.style === "italic") node.style.fontStyle = "italic";
  if (content.decoration) node.style.textDecoration = content.decoration;
  return node;
}

function text(content, chat) {
  const node = dress(el("p", { class: content.wrap ? "flex-text wraps" : "flex-text" }), content);
  if (content.align) node.style.textAlign = SIDES[content.align];
  if (content.maxLines && content.wrap) {
    node.classList.add("clamped");
    node.style.webkitLineClamp = String(content.maxLines);
  }
  if (content.contents?.length) node.append(...content.contents.map(span));
  else node.textContent = content.text ?? "";
  return tappable(node, content.action, chat);
}

function span(content) {
  return dress(el("span", { text: content.text ?? "" }), content);
}

function button(content, chat) {
  const style = content.style || "link";
  const node = actionButton(content.action, chat, `flex-button ${style} ${content.height === "sm" ? "small" : ""}`);
  if (content.color) node.style[style === "link" ? "color" : "backgroundColor"] = content.color;
  return node;
}

function image(content, chat, layout) {
  const node = el("div", { class: "flex-image" });
  const shown = picture(content.url, content.action?.label || "รูปจากบอท");
  const size = content.size || "md";
  shown.style.width = size === "full" ? "100%" : length(size, IMAGE_SIZES);
  shown.style.aspectRatio = (content.aspectRatio || "1:1").replace(":", " / ");
  shown.style.objectFit = content.aspectMode === "cover" ? "cover" : "contain";
  if (content.backgroundColor) shown.style.backgroundColor = content.backgroundColor;
  node.style.justifyContent = { start: "flex-start", end: "flex-end" }[content.align] || "center";
  if (layout === "vertical") node.style.width = "100%";
  node.append(shown);
  return tappable(node, content.action, chat);
}

function icon(content) {
  const node = picture(content.url, "", { class: "flex-icon" });
  const size = content.size ? TEXT_SIZES[content.size] ? `${TEXT_SIZES[content.size] / 16}rem` : content.size : "1rem";
  node.style.height = size;
  node.style.aspectRatio = (content.aspectRatio || "1:1").replace(":", " / ");
  return node;
}

function separator(content, _chat, layout) {
  const node = el("div", { class: layout === "vertical" ? "flex-separator" : "flex-separator upright", role: "separator" });
  if (content.color) node.style.backgroundColor = content.color;
  return node;
}

function space(content) {
  const node = el("div", { class: "flex-space" });
  if (content.type === "spacer") node.style.padding = `${SPACES[content.size || "md"] / 2}px`;
  return node;
}

function video(content) {
  return picture(content.previewUrl, "วิดีโอจากบอท", { class: "flex-video" });
}
