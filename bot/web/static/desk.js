// The desk while it is open: asks every three seconds what changed, keeps drafts, and moves nothing under the hand.
"use strict";
(() => {
  const EVERY_MS = 3000, HIDDEN_MS = 15000, IDLE_MS = 20000;
  const page = document.querySelector("[data-page]");
  if (!page) return;
  const byId = (id) => document.getElementById(id);
  const title = document.title;
  let touchedAt = Date.now();
  for (const kind of ["pointerdown", "keydown", "wheel", "touchmove"]) {
    document.addEventListener(kind, () => { touchedAt = Date.now(); }, { passive: true });
  }

  function showCounts(counts) {
    for (const [name, count] of Object.entries(counts)) {
      document.querySelectorAll(`[data-count="${name}"]`).forEach((place) => {
        if (place.textContent !== String(count)) place.textContent = count;
      });
    }
    document.title = counts.waiting ? `(${counts.waiting}) ${title}` : title;
  }

  // ---- the queue ----
  const news = byId("news");
  async function refreshQueue() {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) { location.reload(); return; }
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("queue");
    page.replaceChildren(...fresh.childNodes);
    page.dataset.stamp = fresh.dataset.stamp;
    news.hidden = true;
  }
  function queueChanged() {
    const idle = Date.now() - touchedAt > IDLE_MS && !page.contains(document.activeElement);
    if (idle) refreshQueue(); else news.hidden = false;
  }
  if (news) news.addEventListener("click", refreshQueue);

  // ---- a case ----
  const talk = byId("talk"), scroll = byId("talk-scroll"), newest = byId("to-newest");
  const atEnd = () => scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 80;
  const toEnd = () => { scroll.scrollTop = scroll.scrollHeight; newest.hidden = true; };
  function drawn(html) {
    const holder = document.createElement("template");
    holder.innerHTML = html.trim();
    return holder.content.firstElementChild;
  }
  function showBubbles(bubbles) {
    const wasAtEnd = atEnd();
    let added = false;
    for (const { id, html } of bubbles) {
      const old = byId(`m${id}`), fresh = drawn(html);
      if (!old) {
        talk.querySelector(".empty")?.remove();
        talk.append(fresh);
        added = true;
      } else if (old.outerHTML !== fresh.outerHTML) {
        if (!old.contains(document.activeElement)) old.replaceWith(fresh);
      }
    }
    if (wasAtEnd) toEnd(); else if (added) newest.hidden = false;
  }
  if (newest) {
    newest.addEventListener("click", toEnd);
    scroll.addEventListener("scroll", () => { if (atEnd()) newest.hidden = true; }, { passive: true });
    if (!page.dataset.past) toEnd();
    window.addEventListener("load", () => { if (!page.dataset.past) toEnd(); });
  }
  document.querySelectorAll("[data-show]").forEach((tab) => tab.addEventListener("click", () => {
    page.classList.toggle("show-info", tab.dataset.show === "info");
    document.querySelectorAll("[data-show]").forEach((one) => one.setAttribute("aria-pressed", String(one === tab)));
  }));

  // ---- the answer: a draft outlives a lost connection, a signed-out session and a closed page of this tab ----
  const answer = byId("answer");
  if (answer) {
    const key = `draft:${page.dataset.case}`;
    const here = new URL(location.href);
    if (here.searchParams.has("sent")) {
      sessionStorage.removeItem(key);
      here.searchParams.delete("sent");
      history.replaceState(null, "", here);
      answer.focus();
    } else if (!answer.value) {
      answer.value = sessionStorage.getItem(key) || "";
    }
    const grow = () => { answer.style.height = "auto"; answer.style.height = `${answer.scrollHeight + 2}px`; };
    answer.addEventListener("input", () => { sessionStorage.setItem(key, answer.value); grow(); });
    answer.addEventListener("keydown", (event) => {
      if (event.code === "Enter" && (event.ctrlKey || event.metaKey)) answer.form.requestSubmit();
    });
    if (answer.dataset.fault) answer.focus();
    grow();
    toEnd();
  }
  document.querySelectorAll("form[method=post]").forEach((form) => form.addEventListener("submit", (event) => {
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
  }));
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));

  // ---- what changed ----
  const offline = byId("offline"), changed = byId("changed");
  async function look() {
    const asked = new URL(page.dataset.changes, location.href);
    if (page.dataset.page === "queue") {
      asked.searchParams.set("tab", page.dataset.tab);
      asked.searchParams.set("queue", page.dataset.stamp);
      if (page.dataset.before) asked.searchParams.set("before", page.dataset.before);
    } else {
      asked.searchParams.set("case", page.dataset.case);
      asked.searchParams.set("talk", page.dataset.talk);
    }
    const response = await fetch(asked, { headers: { Accept: "application/json" } });
    if (response.status === 401) { location.reload(); return; } // signed out: the draft is kept, the sign-in page comes back here
    if (!response.ok) throw new Error(`status ${response.status}`);
    const found = await response.json();
    showCounts(found.counts);
    if (found.queue !== undefined && found.queue !== page.dataset.stamp) queueChanged();
    if (found.case !== undefined && found.case !== page.dataset.stamp) changed.hidden = false;
    if (found.bubbles && !page.dataset.past) showBubbles(found.bubbles);
    if (found.talk !== undefined) page.dataset.talk = found.talk;
  }
  async function keepLooking() {
    try {
      await look();
      offline.hidden = true;
    } catch {
      offline.hidden = false;
    }
    setTimeout(keepLooking, document.hidden ? HIDDEN_MS : EVERY_MS);
  }
  setTimeout(keepLooking, EVERY_MS);
})();
