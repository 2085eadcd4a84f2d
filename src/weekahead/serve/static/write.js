// The editor: it saves as one types, never over a change made elsewhere, and shows findings at their lines.
import {ACTIONS, addKeys, insertAt, setText} from "/_desk/text_area.js";
import {areEqual, joined, showVersions} from "/_desk/versions.js";

const main = document.getElementById("write"), form = document.getElementById("text"), area = document.getElementById("body");
const lines = document.getElementById("lines"), saved = document.getElementById("saved"), dialog = document.getElementById("conflict");
const token = main.dataset.token, caret = main.dataset.caret, JSON_ONLY = {Accept: "application/json"};
const PAUSE = 400, LONGEST = 2000, RETRY = 3000, BREATH = 250;
let base = {digest: main.dataset.digest, ...shown(initialValue)}, line = Number(main.dataset.line);
let isSaving = false, isActing = false, acted = 0, wantsMore = false, asked = null, timer = 0, since = 0, version = Number(document.body.dataset.version), source = null;

function inputs() { return [...form.elements].filter(input => input.name.startsWith("field.")); }
function shown(read = input => input.value) { return {body: read(area), fields: Object.fromEntries(inputs().map(input => [input.name.slice(6), read(input)]))}; }
const isChanged = () => !areEqual(shown(), {body: base.body, fields: base.fields});
const name = () => form.elements.name.value;
const address = (kind, of = name()) => `/_desk/${kind}/${of.split("/").map(encodeURIComponent).join("/")}${form.elements.whole ? "?whole" : ""}`;

function say(text, kind = "") { if (saved.textContent !== text) saved.textContent = text; saved.className = kind; }

// -- saving

function later(pause = PAUSE) {
  if (!isChanged()) { if (!isSaving) say("Saved"); return; }
  if (!asked) say("Not saved yet", "unsaved");
  since ||= Date.now();
  clearTimeout(timer);
  timer = setTimeout(save, Math.max(0, Math.min(pause, since + LONGEST - Date.now())));
}

async function save() {
  clearTimeout(timer);
  if (asked || isActing || !isChanged()) return;
  if (isSaving) { wantsMore = true; return; }
  const isDone = await send({});
  if (wantsMore) { wantsMore = false; save(); } else if (isDone && !timer) later();
}

// Save what is shown, and have done with it what `doing` says; return whether it is saved.
async function send(doing) {
  isSaving = true; since = timer = 0;
  const sent = shown();
  try {
    const response = await fetch("/_desk/save", {method: "POST", headers: JSON_ONLY, body: body(sent, doing)});
    const answer = await response.json().catch(() => ({message: "weekahead serve refused this. Reload the page."}));
    if (response.ok) {
      base = {digest: answer.current.digest, ...sent};
      form.elements.digest.value = base.digest;
      say(isChanged() ? "Not saved yet" : "Saved", isChanged() ? "unsaved" : "");
      if (answer.current.body !== sent.body || !areEqual(answer.current.fields ?? {}, sent.fields)) meet(answer.current);
      if (doing.do) showOutcome(answer, doing.do);
      lookSoon();
    } else if (answer.current) meet(answer.current);
    else say(answer.message, "failed");
    return response.ok;
  } catch {
    say("weekahead serve does not answer. Your text stays here; saving is tried again.", "failed");
    timer = setTimeout(save, RETRY);
  } finally { isSaving = false; }
}

// What a button does with the issue, or where it leads: with the text that is shown, in one request.
async function act(doing) {
  if (isActing || (doing.do && Date.now() - acted < PAUSE)) return; // a double click, whose second one meets another button
  isActing = true;
  clearTimeout(timer);
  try {
    while (isSaving) await new Promise(done => setTimeout(done, 20));
    if (asked) return openDialog();
    const isDone = doing.do || isChanged() ? await send(doing) : true;
    if (doing.then && isDone && !asked) location.href = THEN[doing.then]();
  } finally {
    isActing = wantsMore = false;
    acted = Date.now();
  }
  if (!timer) later();
}

const THEN = {publish: () => "/_desk/publish", whole: () => `${location.pathname}?whole`, fields: () => location.pathname};

function showOutcome(answer, what) {
  const outcome = document.getElementById("outcome"), list = document.createElement("ul");
  list.append(...(answer.findings ?? []).map(text => Object.assign(document.createElement("li"), {textContent: text})));
  outcome.replaceChildren(Object.assign(document.createElement("span"), {textContent: answer.message}), list);
  outcome.className = answer.is_done ? "fine" : "failed";
  if (!answer.is_done) return;
  document.querySelector(".acts").dataset.status = what;
  outcome.focus({preventScroll: true}); // the button is gone
}

function body(version, doing) {
  const found = new URLSearchParams({...doing, token, name: name(), digest: base.digest, body: version.body});
  if (form.elements.whole) found.set("whole", "1");
  for (const [key, value] of Object.entries(version.fields)) found.set(`field.${key}`, value);
  return found;
}

// -- what was changed elsewhere

function take(version) {
  setText(area, version.body);
  for (const input of inputs()) {
    const value = version.fields?.[input.name.slice(6)] ?? "";
    if (input.matches("select") && ![...input.options].some(option => option.value === value)) input.add(new Option(value));
    if (input.value !== value) input.value = value;
  }
}

// Bring in another version of the file: what only one side changed is joined, for the rest the author is asked.
function meet(theirs) {
  const there = {body: theirs.body, fields: theirs.fields ?? {}}, both = joined(base, shown(), there);
  line = theirs.line;
  if (both === null) return ask(theirs, there);
  base = {digest: theirs.digest, ...there};
  form.elements.digest.value = base.digest;
  if (!areEqual(shown(), both)) take(both);
  if (isChanged()) later(); else say("Saved");
}

function openDialog() {
  if (dialog.open) return;
  dialog.returnValue = ""; // Esc leaves what was chosen the last time
  dialog.showModal();
}

function sayAsked() {
  const again = Object.assign(document.createElement("button"), {type: "button", className: "quiet", textContent: "Compare"});
  again.addEventListener("click", openDialog);
  say("Not saved: changed elsewhere. ", "failed");
  saved.append(again);
  if (document.activeElement === document.body) again.focus({preventScroll: true}); // the button that opened the dialog is gone
}

function ask(theirs, there) {
  asked = theirs;
  say("Not saved: changed elsewhere", "failed");
  showVersions(dialog.querySelectorAll("pre"), shown(), there);
  openDialog();
  dialog.onclose = () => {
    const theirs = asked, choice = dialog.returnValue;
    if (choice !== "mine" && choice !== "theirs") return sayAsked();
    asked = null;
    base = {digest: theirs.digest, body: theirs.body, fields: theirs.fields ?? {}};
    form.elements.digest.value = base.digest;
    if (choice === "theirs") take(base);
    if (isChanged()) save(); else say("Saved");
    lookSoon();
  };
}

for (const button of dialog.querySelectorAll("button")) button.addEventListener("click", () => dialog.close(button.value));

async function lookElsewhere() {
  if (isSaving || isActing || asked) return;
  const response = await fetch(address("source"), {cache: "no-store"}).catch(() => null);
  if (!response || isSaving || isActing || asked) return;
  if (response.status === 404) return say("This file is gone or has another name. Your text stays here: copy it, and open the draft again from the desk.", "failed");
  const theirs = await response.json();
  if (theirs.digest !== base.digest && !isSaving) meet(theirs);
}

// -- findings

let looking = 0, lookTimer = 0;
function lookSoon(pause = BREATH) { clearTimeout(lookTimer); lookTimer = setTimeout(look, pause); }

async function look() {
  const mine = ++looking, response = await fetch(address("findings"), {cache: "no-store"}).catch(() => null);
  if (!response?.ok || mine !== looking) return;
  const found = await response.json();
  if (mine !== looking) return;
  line = found.line;
  showFindings(found.findings);
  const mark = document.querySelector(".when .mark");
  if (mark && found.mark) mark.textContent = found.mark;
  document.getElementById("length").textContent = found.words === undefined ? "" : `${found.words} ${found.words === 1 ? "word" : "words"} · ${found.minutes} min`;
  const frame = document.querySelector("iframe[name=weekahead-live]"), page = found.path && `${main.dataset.site}${found.path}?_last`;
  if (page && frame && frame.getAttribute("src") !== page) frame.src = page;
  else if (page && !frame && !isChanged()) location.reload();
}

function showFindings(findings) {
  const leading = /^(?:[ \t]*\n)*/.exec(base.body)[0].split("\n").length - 1, list = document.getElementById("findings");
  const none = document.getElementById("none"), focused = list.contains(document.activeElement) ? [...list.children].indexOf(document.activeElement.closest("li")) : -1;
  for (const mark of lines.querySelectorAll("[data-severity]")) delete mark.dataset.severity;
  list.replaceChildren(...findings.map(finding => {
    const place = lines.children[finding.line - line + leading], isBelow = !finding.key && !finding.file && finding.line >= line && place;
    if (isBelow && place.dataset.severity !== "error") place.dataset.severity = finding.severity;
    const item = document.createElement("li"), button = document.createElement("button"), part = (kind, text) => Object.assign(document.createElement("span"), {className: kind, textContent: text});
    item.className = finding.severity;
    button.type = "button";
    button.append(part("severity", finding.severity), ` ${finding.message} `, part("spot", `${finding.file || finding.key || `line ${finding.line}`} · ${finding.rule}`), part("hint", finding.hint));
    button.addEventListener("click", () => isBelow ? jump(place) : openField(finding.key));
    item.append(button);
    return item;
  }));
  list.children[focused]?.firstElementChild.focus({preventScroll: true});
  none.textContent = findings.length ? "" : "No problems";
  none.className = "fine";
}

function jump(place) {
  const index = Math.max(0, [...lines.children].indexOf(place)), texts = area.value.split("\n");
  const start = texts.slice(0, index).join("\n").length + (index ? 1 : 0);
  area.focus({preventScroll: true});
  area.setSelectionRange(start, start + (texts[index] ?? "").length);
  place.scrollIntoView({block: "center"});
}

function openField(key) {
  const input = key && document.getElementById(key) || [...inputs()].find(each => key && each.id.startsWith(`${key}.`));
  if (!input) return;
  input.closest("details")?.setAttribute("open", "");
  input.focus();
}

// The lines behind the text area, which have the marks: only those that changed are made anew.
let drawn = [];
function draw() {
  const texts = area.value.split("\n"), most = Math.min(texts.length, drawn.length);
  let first = 0, last = 0;
  while (first < most && texts[first] === drawn[first]) first++;
  while (last < most - first && texts[texts.length - 1 - last] === drawn[drawn.length - 1 - last]) last++;
  const kept = Math.min(drawn.length, texts.length) - last;
  for (let index = first; index < kept; index++) lines.children[index].textContent = texts[index];
  for (let index = drawn.length - last; index > kept; index--) lines.children[kept].remove();
  const next = lines.children[kept] ?? null;
  for (let index = kept; index < texts.length - last; index++) lines.insertBefore(Object.assign(document.createElement("div"), {textContent: texts[index]}), next);
  drawn = texts;
}

// -- pictures and files

async function attach(files, at) {
  for (const file of files) {
    await act({});
    if (asked || isChanged()) return say("Save the text first, then add the file.", "failed");
    say(`Adding ${file.name} …`, "unsaved");
    const query = new URLSearchParams({text: name(), name: file.name});
    const response = await fetch(`/_desk/attach?${query}`, {method: "POST", body: file, headers: {...JSON_ONLY, "Weekahead-Token": token, "Content-Type": "application/octet-stream"}}).catch(() => null);
    const answer = await response?.json().catch(() => null) ?? {message: response?.status === 413 ? `${file.name} is too large.` : "No answer from weekahead serve."};
    if (!response?.ok) { say(answer.message, "failed"); return; }
    if (answer.current.name !== name()) {
      form.elements.name.value = answer.current.name;
      history.replaceState(null, "", address("write"));
    }
    meet(answer.current);
    const recording = document.getElementById("audio.file");
    if (answer.text) {
      insertAt(area, Math.min(at, area.value.length), answer.text, caret);
      at = area.selectionEnd;
    } else if (recording && !recording.value) { recording.value = answer.file; openField("audio.file"); }
    later(0);
  }
}

let wasInText = false;
area.addEventListener("focus", () => { wasInText = true; });
const caretPlace = () => wasInText ? area.selectionStart : area.value.trimEnd().length;

const files = data => [...data?.files ?? []];
function lineAt(y) {
  const index = [...lines.children].findIndex(each => each.getBoundingClientRect().bottom > y), texts = area.value.split("\n");
  return index < 0 ? area.value.length : texts.slice(0, index + 1).join("\n").length;
}

const sheet = area.parentElement;
sheet.addEventListener("dragover", event => { if ([...event.dataTransfer.types].includes("Files")) { event.preventDefault(); sheet.classList.add("over"); } });
for (const end of ["dragleave", "drop"]) sheet.addEventListener(end, () => sheet.classList.remove("over"));
sheet.addEventListener("drop", event => {
  if (!files(event.dataTransfer).length) return;
  event.preventDefault();
  attach(files(event.dataTransfer), lineAt(event.clientY));
});
area.addEventListener("paste", event => {
  if (!files(event.clipboardData).length || event.clipboardData.types.includes("text/plain")) return;
  event.preventDefault();
  attach(files(event.clipboardData), area.selectionStart);
});
document.getElementById("file").addEventListener("change", event => {
  attach([...event.target.files], caretPlace()).then(() => { event.target.value = ""; });
});

// -- the page

for (const button of document.querySelectorAll("[data-do]")) {
  button.addEventListener("mousedown", event => event.preventDefault());
  button.addEventListener("click", () => { area.focus({preventScroll: true}); ACTIONS[button.dataset.do](area); });
}
const menu = document.querySelector(".menu");
for (const button of document.querySelectorAll("[data-insert]")) button.addEventListener("click", () => { menu.open = false; insertAt(area, caretPlace(), button.dataset.insert, caret); });
menu.addEventListener("keydown", event => { if (event.key === "Escape") { menu.open = false; menu.firstElementChild.focus(); } });
document.addEventListener("click", event => { if (!menu.contains(event.target)) menu.open = false; });

form.addEventListener("submit", event => {
  event.preventDefault();
  const {name: kind, value} = event.submitter ?? {};
  if (kind === "do") act({do: value, number: form.elements.number.value});
  else if (kind === "then") act({then: value});
  else save();
});
area.addEventListener("input", () => { draw(); later(); });
for (const input of inputs()) {
  // A title is saved when it is whole: the plan has it as well.
  if (input.id !== "title") input.addEventListener("input", () => later());
  input.addEventListener("change", () => later(0));
}
document.getElementById("summary")?.addEventListener("input", event => { document.querySelector(".known").textContent = event.target.value || "No summary yet"; });
addKeys(area, save);

function listen() {
  if (document.hidden) { save(); source?.close(); source = null; return; }
  if (source) return;
  source = new EventSource("/_changes");
  source.onmessage = event => {
    const change = JSON.parse(event.data);
    if (change.version === version) return;
    version = change.version;
    lookElsewhere();
    if (!isSaving) lookSoon(2 * BREATH);
  };
}

// What was typed before this script was there, or what a form without it could not save, is in no file yet.
async function begin() {
  removeEventListener("beforeunload", guardUnsaved);
  const isOther = form.elements.digest.value !== base.digest; // the browser has put back the words of an older page
  if (isOther || "unsaved" in main.dataset) {
    const {digest} = base, isRefused = !isOther && main.dataset.unsaved === "refused";
    isActing = true;
    base = {digest: "", body: null, fields: {}};
    const response = await fetch(address("source"), {cache: "no-store"}).catch(() => null), theirs = response?.ok ? await response.json() : null;
    if (theirs && isRefused && theirs.digest === digest) base = {digest, body: theirs.body, fields: theirs.fields ?? {}};
    else if (theirs) meet(theirs);
    isActing = false;
  }
  const file = document.getElementById("file");
  if (file.files.length) attach([...file.files], caretPlace()).then(() => { file.value = ""; });
  else later(0);
}

addEventListener("beforeunload", event => { if (isChanged()) { save(); event.preventDefault(); } });
document.addEventListener("visibilitychange", listen);
addEventListener("pagehide", () => { source?.close(); source = null; });
addEventListener("pageshow", listen);
draw();
begin();
listen();
look();
