// The desk: drag and drop, forms without leaving the page, and fresh words when a file is saved. All of it works without.
let number = Number(document.body.dataset.number), source = null, dragged = null;

const say = words => { const line = document.getElementById("said"); if (line) line.textContent = words; };

// Is the author in the middle of something that fresh words would throw away?
function busy() {
  const begun = field => field.matches("select")
    ? field.selectedIndex !== Math.max(0, [...field.options].findIndex(option => option.defaultSelected))
    : field.matches("[type=radio], [type=checkbox]") ? field.checked !== field.defaultChecked : field.value !== field.defaultValue;
  return document.activeElement?.matches("input:not([type=radio]), select, textarea")
    || [...document.querySelectorAll("main :is(input, select, textarea)")].some(begun);
}

async function renew(focus, waits = false) {
  const text = await (await fetch(location.href, {cache: "no-store"})).text();
  if (waits && busy()) return;
  const page = new DOMParser().parseFromString(text, "text/html"), fresh = page.querySelector("main");
  const old = document.querySelector("main"), words = document.getElementById("said")?.textContent ?? "";
  if (document.body.hasAttribute("data-error") || page.body.hasAttribute("data-error") || old.classList.contains("look")) return location.reload();
  const [x, y] = [scrollX, scrollY], here = document.activeElement?.closest("[id^=week-].week");
  focus ??= here && `#${here.id} summary`;
  number = Number(page.body.dataset.number);
  old.replaceWith(fresh);
  document.title = page.title;
  wire();
  say(words);
  if (focus) document.querySelector(focus)?.focus({preventScroll: true});
  scrollTo({left: x, top: y, behavior: "instant"});
}

async function change(wanted, focus) {
  const token = document.getElementById("desk").dataset.token;
  const answer = await fetch("/_desk/plan", {
    method: "POST", body: new URLSearchParams({...wanted, token}), headers: {Accept: "application/json"},
  });
  const found = await answer.json().catch(() => ({said: "The desk did not answer; reload the page."}));
  if (answer.ok) await renew(focus);
  say(found.said);
}

function wire() {
  for (const form of document.querySelectorAll("form[method=post]")) {
    form.addEventListener("submit", event => {
      event.preventDefault();
      const wanted = Object.fromEntries(new FormData(form, event.submitter)), week = wanted.do === "move" || wanted.do === "take" ? wanted.to : wanted.number ?? wanted.to;
      if (wanted.do === "take") wanted.title = form.querySelector(`[data-idea="${wanted.idea}"]`).dataset.title;
      change(wanted, `#week-${week} summary`);
    });
  }
  for (const item of document.querySelectorAll("[draggable=true]")) {
    item.addEventListener("dragstart", event => {
      dragged = item.dataset;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", item.dataset.title);
      item.classList.add("dragged");
    });
    item.addEventListener("dragend", () => { dragged = null; item.classList.remove("dragged"); });
  }
  for (const week of document.querySelectorAll("[data-drop]")) {
    const welcome = () => dragged && dragged.number !== week.dataset.number && (dragged.number || week.classList.contains("empty"));
    week.addEventListener("dragover", event => { if (welcome()) { event.preventDefault(); week.classList.add("over"); } });
    week.addEventListener("dragleave", event => { if (!week.contains(event.relatedTarget)) week.classList.remove("over"); });
    week.addEventListener("drop", event => {
      week.classList.remove("over");
      if (!welcome()) return;
      event.preventDefault();
      const {number: from, idea, title} = dragged, to = week.dataset.number;
      change(from ? {do: "move", number: from, to, title} : {do: "take", idea, to, title});
    });
  }
}

function listen() {
  if (document.hidden) { source?.close(); source = null; return; }
  if (source) return;
  source = new EventSource("/_changes");
  source.onmessage = event => {
    const news = JSON.parse(event.data);
    if (number && news.number !== number) renew(null, true);
    number = news.number;
  };
}

wire();
listen();
document.addEventListener("visibilitychange", listen);
addEventListener("pagehide", () => { source?.close(); source = null; });
