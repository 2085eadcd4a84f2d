// The desk: drag and drop, forms that do not leave the page, and an update after each save. Everything works without it.
let version = Number(document.body.dataset.version), source = null, dragged = null, sending = "", missed = false;

const showMessage = text => { const line = document.getElementById("message"); if (line) line.textContent = text; };

// Is the author filling in a form, which an update would reset?
function isEditing() {
  const isChanged = field => field.matches("select")
    ? field.selectedIndex !== Math.max(0, [...field.options].findIndex(option => option.defaultSelected))
    : field.matches("[type=radio], [type=checkbox]") ? field.checked !== field.defaultChecked : field.value !== field.defaultValue;
  return document.activeElement?.matches("main :is(input, select, textarea)")
    || [...document.querySelectorAll("main :is(input, select, textarea)")].some(isChanged);
}

async function update(focus, keepForms = false) {
  const html = await (await fetch(location.href, {cache: "no-store"})).text();
  if (missed = keepForms && isEditing()) return;
  const page = new DOMParser().parseFromString(html, "text/html"), main = page.querySelector("main");
  const old = document.querySelector("main"), message = document.getElementById("message")?.textContent ?? "";
  if (document.body.hasAttribute("data-error") || page.body.hasAttribute("data-error") || old.classList.contains("preview")) return location.reload();
  const [x, y] = [scrollX, scrollY], week = document.activeElement?.closest("[id^=week-].week");
  focus ??= week && `#${week.id} summary`;
  const open = keepForms ? [...old.querySelectorAll("details[open]")].map(details => details.parentElement.id) : [];
  version = Number(page.body.dataset.version);
  for (const id of open) main.querySelector(`#${CSS.escape(id)} > details`)?.setAttribute("open", "");
  old.replaceWith(main);
  document.title = page.title;
  addListeners();
  showMessage(message);
  if (focus) document.querySelector(focus)?.focus({preventScroll: true});
  scrollTo({left: x, top: y, behavior: "instant"});
}

// A form carries the digest of the plan that its author saw: one of an older plan is refused, and the plan shown anew.
async function submit(form, focus) {
  const body = new URLSearchParams({...form, token: document.getElementById("desk").dataset.token});
  if (`${body}` === sending) return; // a double click
  sending = `${body}`;
  const response = await fetch("/_desk/plan", {method: "POST", body, headers: {Accept: "application/json"}}).catch(() => null);
  sending = "";
  const {message, command} = await response?.json().catch(() => null) ?? {message: "No answer from weekahead serve. Reload the page."};
  if (response && (response.ok || form.plan)) await update(focus);
  showMessage(command && response.ok ? `${message}\nThe same as: ${command}` : message);
}

function addListeners() {
  for (const element of document.querySelectorAll("form[action='/_desk/plan']")) {
    element.addEventListener("submit", event => {
      event.preventDefault();
      const form = Object.fromEntries(new FormData(element, event.submitter));
      submit(form, `#week-${form.do === "move" || form.do === "take" ? form.to : form.number ?? form.to} summary`);
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
    const accepts = () => dragged && dragged.number !== week.dataset.number && (dragged.number || week.classList.contains("empty"));
    week.addEventListener("dragover", event => { if (accepts()) { event.preventDefault(); week.classList.add("over"); } });
    week.addEventListener("dragleave", event => { if (!week.contains(event.relatedTarget)) week.classList.remove("over"); });
    week.addEventListener("drop", event => {
      week.classList.remove("over");
      if (!accepts()) return;
      event.preventDefault();
      const {number, idea, title} = dragged, to = week.dataset.number, plan = document.getElementById("desk").dataset.plan;
      submit(number ? {do: "move", number, to, title, plan} : {do: "take", idea, to, title, plan}, null);
    });
  }
}

function listen() {
  if (document.hidden) { source?.close(); source = null; return; }
  if (source) return;
  source = new EventSource("/_changes");
  source.onmessage = event => {
    const change = JSON.parse(event.data);
    if (version && change.version !== version) update(null, true);
    version = change.version;
  };
}

// What changed while a form was filled in is shown as soon as it no longer is.
for (const name of ["focusout", "change"])
  document.addEventListener(name, () => setTimeout(() => missed && update(null, true)));

addListeners();
listen();
document.addEventListener("visibilitychange", listen);
addEventListener("pagehide", () => { source?.close(); source = null; });
