// A plain text area for Markdown: what its keys and buttons do. All changes go through the browser, so that undo takes them back.
const ITEM = /^(\s*)([-*+]|\d{1,9}[.)])( +)(\[[ xX]\] +)?/, QUOTE = /^(?:\s*> ?)+/, NAMES = {"**": "bold text", "*": "words", "`": "code"};

export function replaceRange(area, start, end, text) {
  area.focus({preventScroll: true});
  area.setSelectionRange(start, end);
  if (text) document.execCommand("insertText", false, text);
  else if (end > start) document.execCommand("delete");
}

// Change no more of a text than what differs, with the caret where it was.
export function setText(area, text) {
  const old = area.value;
  if (old === text) return;
  let first = 0, last = 0;
  while (first < Math.min(old.length, text.length) && old[first] === text[first]) first++;
  while (last < Math.min(old.length, text.length) - first && old[old.length - 1 - last] === text[text.length - 1 - last]) last++;
  if (document.activeElement !== area) { area.value = text; return area.dispatchEvent(new Event("input", {bubbles: true})); }
  const moved = at => at <= first ? at : Math.max(first, at + text.length - old.length);
  const [start, end] = [moved(area.selectionStart), moved(area.selectionEnd)];
  replaceRange(area, first, old.length - last, text.slice(first, text.length - last));
  area.setSelectionRange(start, end);
}

export const lineStart = (text, at) => text.lastIndexOf("\n", at - 1) + 1;
export const lineEnd = (text, at) => { const end = text.indexOf("\n", at); return end < 0 ? text.length : end; };
const isInCode = (text, at) => (text.slice(0, at).match(/^ {0,3}(?:```|~~~)/gm) ?? []).length % 2 === 1;

export function insertAt(area, at, text, caret) {
  const before = area.value.slice(lineStart(area.value, at), at).trim() ? "\n\n" : "";
  const after = area.value.slice(at, lineEnd(area.value, at)).trim() ? "\n\n" : "";
  const whole = before + text.replace(caret, "") + after, place = text.indexOf(caret);
  replaceRange(area, at, at, whole);
  const end = at + before.length + (place < 0 ? whole.length - before.length : place);
  area.setSelectionRange(end, end);
}

function wrap(area, mark) {
  const [start, end] = [area.selectionStart, area.selectionEnd], words = area.value.slice(start, end);
  const isThere = area.value.slice(start - mark.length, start) === mark && area.value.slice(end, end + mark.length) === mark;
  if (isThere) {
    replaceRange(area, start - mark.length, end + mark.length, words);
    return area.setSelectionRange(start - mark.length, end - mark.length);
  }
  const inner = words || NAMES[mark];
  replaceRange(area, start, end, mark + inner + mark);
  area.setSelectionRange(start + mark.length, start + mark.length + inner.length);
}

function link(area) {
  const [start, end] = [area.selectionStart, area.selectionEnd], words = area.value.slice(start, end);
  const isAddress = /^https?:\/\/\S+$/.test(words), text = isAddress ? "words" : words || "words";
  replaceRange(area, start, end, `[${text}](${isAddress ? words : "https://"})`);
  if (isAddress || !words) area.setSelectionRange(start + 1, start + 1 + text.length);
  else area.setSelectionRange(start + text.length + 3, start + text.length + 11);
}

function eachLine(area, change) {
  const [start, end] = [lineStart(area.value, area.selectionStart), lineEnd(area.value, area.selectionEnd)];
  const old = area.value.slice(start, end), text = old.split("\n").map(change).join("\n");
  const at = area.selectionStart, isOne = at === area.selectionEnd;
  if (text === old) return;
  replaceRange(area, start, end, text);
  if (isOne) area.setSelectionRange(Math.max(start, at + text.length - old.length), Math.max(start, at + text.length - old.length));
  else area.setSelectionRange(start, start + text.length);
}

const toggled = (mark, pattern) => line => pattern.test(line) ? line.replace(pattern, "") : mark + line;

export const ACTIONS = {
  bold: area => wrap(area, "**"),
  italic: area => wrap(area, "*"),
  link,
  heading: area => eachLine(area, toggled("## ", /^#{1,6} +/)),
  list: area => eachLine(area, toggled("- ", /^[-*+] +/)),
  quote: area => eachLine(area, toggled("> ", /^> ?/)),
};

function goOnWithList(area) {
  const at = area.selectionStart, start = lineStart(area.value, at), line = area.value.slice(start, lineEnd(area.value, at));
  if (at !== area.selectionEnd || isInCode(area.value, at)) return false;
  const item = ITEM.exec(line), quote = item ? null : QUOTE.exec(line), mark = (item ?? quote)?.[0];
  if (!mark || at < start + mark.length) return false;
  if (!line.slice(mark.length).trim()) { replaceRange(area, start, start + line.length, ""); return true; }
  const number = item && /^(\d+)(.)$/.exec(item[2]);
  const next = item ? item[1] + (number ? Number(number[1]) + 1 + number[2] : item[2]) + item[3] + (item[4] ? "[ ] " : "") : mark;
  replaceRange(area, at, at, `\n${next}`);
  return true;
}

function indent(area, isBack) {
  const start = lineStart(area.value, area.selectionStart), spans = area.value.slice(start, area.selectionEnd).includes("\n");
  const item = ITEM.exec(area.value.slice(start, lineEnd(area.value, start)));
  if (!item && !spans && !isInCode(area.value, start)) return false;
  const width = item && /\d/.test(item[2]) ? 3 : 2;
  eachLine(area, line => isBack ? line.replace(new RegExp(`^ {1,${width}}|^\t`), "") : line && " ".repeat(width) + line);
  return true;
}

// Tab leaves the text after Esc, and wherever there is nothing to indent: nobody is caught in it.
export function addKeys(area, save) {
  let isLeaving = false;
  area.addEventListener("keydown", event => {
    if (event.isComposing) return;
    const command = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey ? event.key.toLowerCase() : "";
    const action = {b: "bold", i: "italic", k: "link"}[command];
    if (event.key === "Escape") { isLeaving = true; return; }
    if (event.key === "Tab" && !isLeaving && !event.ctrlKey && !event.altKey && indent(area, event.shiftKey)) event.preventDefault();
    else if (event.key === "Enter" && !event.shiftKey && !command && !event.ctrlKey && goOnWithList(area)) event.preventDefault();
    else if (action) { event.preventDefault(); ACTIONS[action](area); }
    if (!["Tab", "Shift"].includes(event.key)) isLeaving = false;
  });
  area.addEventListener("blur", () => { isLeaving = false; });
  document.addEventListener("keydown", event => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") { event.preventDefault(); save(); }
  });
}
