// The knowledge pages: a preview that follows the typing, counters, tabs on a phone, a publish's progress.
// Every page works without this file too.
"use strict";

const PREVIEW_AFTER_MS = 350;
const POLL_MS = 1000;
const form = document.querySelector(".k-form");
document.documentElement.classList.add("k-has-script");

if (form && form.querySelector(".k-save")) {
  followTyping(form);
  warnBeforeLosing(form);
}
if (form) {
  form.querySelectorAll("[data-limit], [data-counted]").forEach(count);
  tabs();
  reviewedToday();
}
document.getElementById("faults")?.focus();
const job = document.getElementById("job");
if (job) poll(job);

function followTyping(form) {
  const preview = document.getElementById("preview");
  let timer = 0;
  let running = null;
  const refresh = async () => {
    running?.abort();
    running = new AbortController();
    try {
      const answer = await fetch(form.dataset.preview, { method: "POST", body: new FormData(form), signal: running.signal });
      if (!answer.ok || answer.redirected) return;
      const open = [...preview.querySelectorAll("details[open]")].map((each) => each.dataset.facet);
      preview.innerHTML = await answer.text();
      preview.querySelectorAll("details").forEach((each) => { each.open = open.includes(each.dataset.facet); });
    } catch (error) {
      if (error.name !== "AbortError") return; // no connection: the next key tries again
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(refresh, PREVIEW_AFTER_MS);
  });
}

function warnBeforeLosing(form) {
  let unsaved = "unsaved" in form.dataset;
  form.addEventListener("input", () => { unsaved = true; });
  form.addEventListener("submit", () => { unsaved = false; });
  window.addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });
}

function count(box) {
  const said = document.createElement("p");
  said.className = "k-count";
  box.insertAdjacentElement("afterend", said);
  const signs = new Intl.Segmenter("th", { granularity: "grapheme" });
  const tell = () => {
    if ("counted" in box.dataset) {
      said.textContent = `${box.value.split("\n").filter((line) => line.trim()).length} ประโยค`;
      return;
    }
    const most = Number(box.dataset.limit);
    const now = [...signs.segment(box.value.trim())].length;
    said.textContent = now > most ? `${now} จาก ${most} ตัว เกินมา ${now - most} ตัว` : `${now} จาก ${most} ตัว`;
    said.classList.toggle("fault", now > most);
  };
  box.addEventListener("input", tell);
  tell();
}

function tabs() {
  const all = [...document.querySelectorAll("[role=tab]")];
  const choose = (tab, focus) => {
    for (const each of all) {
      const chosen = each === tab;
      each.setAttribute("aria-selected", String(chosen));
      each.tabIndex = chosen ? 0 : -1;
      document.getElementById(each.getAttribute("aria-controls")).classList.toggle("k-other-tab", !chosen);
    }
    if (focus) tab.focus();
  };
  all.forEach((tab, at) => {
    tab.addEventListener("click", () => {
      choose(tab, false);
      tab.parentElement.nextElementSibling.scrollIntoView({ block: "start" });
    });
    tab.addEventListener("keydown", (event) => {
      if (event.code === "ArrowRight" || event.code === "ArrowLeft") choose(all[(at + 1) % all.length], true);
    });
  });
  if (all.length) choose(all[0], false);
}

function reviewedToday() {
  const button = document.getElementById("reviewed-today");
  button?.addEventListener("click", () => {
    const [day, month, year] = button.dataset.today.split("/").map(Number);
    const perishable = document.querySelector("[name^=perishable_]:checked") !== null;
    const next = new Date(Date.UTC(year, month - 1 + (perishable ? 6 : 12), day));
    if (next.getUTCDate() !== day) next.setUTCDate(0); // 31 August + 6 months is the last of February
    document.getElementById("f-reviewed_on").value = button.dataset.today;
    document.getElementById("f-review_by").value = `${next.getUTCDate()}/${next.getUTCMonth() + 1}/${next.getUTCFullYear()}`;
    form.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

async function poll(job) {
  try {
    const answer = await fetch(job.dataset.state, { headers: { Accept: "application/json" } });
    if (answer.ok) {
      const now = await answer.json();
      if (now.state === "done" || now.state === "failed") {
        location.reload();
        return;
      }
      document.getElementById("job-bar").value = now.progress;
      document.getElementById("job-percent").textContent = now.progress;
      if (now.state !== job.dataset.was) {
        job.dataset.was = now.state;
        document.getElementById("job-said").textContent = "กำลังเรียนค่ะ";
      }
    }
  } catch { /* no connection: ask again */ }
  setTimeout(() => poll(job), POLL_MS);
}
