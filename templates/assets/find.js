// The archive's search. Titles, numbers, tags, authors and series are in the page; the texts come with the first letter typed,
// a file for each year. Every word typed must be in an issue. Better places count more, and newer issues come first among equals.
const form = document.querySelector(".find"), field = form.querySelector("input"), said = form.querySelector("[role=status]");
const years = [...document.querySelectorAll("main section")], list = document.createElement("ol");
const language = document.documentElement.lang, AT_ONCE = 12, MOST_PLACES = 8, BEFORE = 50, LENGTH = 170;

// -- words as they compare: small letters without accents, ß as ss, digits of any script as ours

const OWN = { ß: "ss", æ: "ae", œ: "oe", ø: "o", ł: "l", đ: "d", ð: "d", þ: "th", ı: "i", ς: "σ", ي: "ی", ك: "ک", "’": "'", "‘": "'" };
const MARKS = /[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u0640\u200c\u200d\u00ad]/g;
const known = new Map();
function letter(sign) {
  if (!known.has(sign)) {
    const plain = sign.normalize("NFKD").replace(MARKS, "").toLowerCase().replace(MARKS, "");
    const digit = /[\u0660-\u0669\u06f0-\u06f9]/.test(plain) ? plain.charCodeAt() & 15 : /[\u0966-\u096f]/.test(plain) ? plain.charCodeAt() - 0x966 : plain;
    known.set(sign, OWN[digit] ?? String(digit));
  }
  return known.get(sign);
}
function plain(words) { return words.replace(/[^\0-\x7f]/gu, letter).toLowerCase(); }

// Where each letter of plain(words) comes from, and last where they end.
function origins(words) {
  const from = [];
  let at = 0;
  for (const sign of words) {
    for (let count = sign < "\x80" ? 1 : letter(sign).length; count; count--) from.push(at);
    at += sign.length;
  }
  return [...from, at];
}

// -- finding

const AROUND = /^["'“”„«»#(]+|["'“”«»).,;:?!]+$/g;
const isLetter = /[\p{L}\p{N}]/u;
const issues = [...document.querySelectorAll(".brief li")].map(row => {
  const link = row.querySelector("a"), also = row.dataset.also || "";
  return { row, link, also, title: plain(link.textContent), label: plain(row.querySelector("b").textContent).split(" "), more: plain(also), text: "", folded: "" };
});
const byAddress = new Map(issues.map(issue => [issue.link.getAttribute("href"), issue]));

// How well a word stands in a text: 3 as a word, 2 at the beginning of one, 1 within one, 0 not at all.
function fit(text, word) {
  let best = 0;
  for (let at = text.indexOf(word), looked = 0; at >= 0 && best < 3 && looked < MOST_PLACES; at = text.indexOf(word, at + 1), looked++) {
    const begins = !at || !isLetter.test(text[at - 1]), ends = !isLetter.test(text[at + word.length] || " ");
    best = Math.max(best, begins ? (ends ? 3 : 2) : 1);
  }
  return best;
}
function score(issue, words) {
  let sum = 0;
  for (const word of words) {
    const found = (issue.label.includes(word) && 60) + 12 * fit(issue.title, word) + 4 * fit(issue.more, word) + fit(issue.folded, word);
    if (!found) return 0;
    sum += found;
  }
  const typed = words.join(" ");
  return sum + (words.length > 1 && (issue.title.includes(typed) ? 20 : issue.folded.includes(typed) ? 6 : 0));
}

// -- showing

// Text with the words found in <mark>.
function marked(words, wanted) {
  const folded = plain(words), from = origins(words), whole = document.createDocumentFragment(), spans = [];
  for (const word of wanted) for (let at = folded.indexOf(word); at >= 0; at = folded.indexOf(word, at + word.length)) spans.push([from[at], from[at + word.length - 1]]);
  let done = 0;
  for (const [start, last] of spans.sort((one, other) => one[0] - other[0])) {
    if (start < done) continue;
    const end = from.find(place => place > last);
    const mark = document.createElement("mark");
    mark.textContent = words.slice(start, end);
    whole.append(words.slice(done, start), mark);
    done = end;
  }
  whole.append(words.slice(done));
  return whole;
}

// The part of a text in which most of the words are.
function excerpt(issue, wanted) {
  const places = [];
  for (const word of wanted) for (let at = issue.folded.indexOf(word), looked = 0; at >= 0 && looked < MOST_PLACES; at = issue.folded.indexOf(word, at + word.length), looked++) {
    places.push({ at, word, begins: !at || !isLetter.test(issue.folded[at - 1]) });
  }
  if (!places.length) return wanted.some(word => issue.more.includes(word)) ? issue.also : "";
  const worth = place => new Set(places.filter(other => other.at >= place.at && other.at < place.at + LENGTH - BEFORE).map(other => other.word)).size + place.begins / 2;
  const best = places.reduce((one, other) => worth(other) > worth(one) ? other : one);
  const at = origins(issue.text)[best.at], space = issue.text.indexOf(" ", at - BEFORE);
  const start = at <= BEFORE ? 0 : space >= 0 && space < at ? space + 1 : at - BEFORE;
  const stop = issue.text.lastIndexOf(" ", start + LENGTH), end = start + LENGTH >= issue.text.length ? issue.text.length : stop > at ? stop : start + LENGTH;
  return (start ? "…\u00a0" : "") + issue.text.slice(start, end) + (end < issue.text.length ? "\u00a0…" : "");
}
function line(issue, wanted) {
  const row = issue.row.cloneNode(true), words = excerpt(issue, wanted), day = row.querySelector("time");
  day.textContent = new Date(day.dateTime).toLocaleDateString(language, { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
  row.querySelector("a").replaceChildren(marked(issue.link.textContent, wanted));
  if (words) {
    const part = document.createElement("p");
    part.className = "excerpt";
    part.dir = "auto";
    part.append(marked(words, wanted));
    row.append(part);
  }
  return row;
}

let found = [], wanted = [];
function more() {
  for (const issue of found.splice(0, AT_ONCE)) list.append(line(issue, wanted));
  end.disconnect();
  if (found.length) end.observe(list.lastElementChild);
}
const end = new IntersectionObserver(seen => { if (seen.some(each => each.isIntersecting)) more(); });

function find() {
  wanted = plain(field.value).split(/\s+/).map(word => word.replace(AROUND, "")).filter(Boolean);
  for (const year of years) year.hidden = wanted.length > 0;
  found = wanted.length ? issues.map(issue => [score(issue, wanted), issue]).filter(each => each[0]).sort((one, other) => other[0] - one[0]).map(each => each[1]) : [];
  const count = found.length.toLocaleString(language);
  said.textContent = !wanted.length ? "" : found.length ? said.dataset.found.replace("{count}", count) : said.dataset.none;
  list.replaceChildren();
  if (found.length) more();
}

// -- the texts, and what readers do

let asked = false, due = 0;
function ask() {
  if (asked) return;
  asked = true;
  for (const year of years) if (year.dataset.words) fetch(year.dataset.words).then(answer => answer.json()).then(texts => {
    for (const [address, text] of Object.entries(texts)) {
      const issue = byAddress.get(address);
      if (issue) Object.assign(issue, { text, folded: plain(text) });
    }
    cancelAnimationFrame(due);
    due = requestAnimationFrame(() => list.contains(document.activeElement) || find());
  }).catch(() => {}); // titles and tags are found all the same
}
function typed() {
  const here = new URL(location);
  if (field.value) here.searchParams.set("q", field.value);
  else here.searchParams.delete("q");
  history.replaceState(history.state, "", here);
  find();
}
field.addEventListener("focus", ask);
field.addEventListener("input", () => { ask(); typed(); });
form.addEventListener("submit", event => { event.preventDefault(); list.querySelector("a")?.click(); });
form.parentNode.parentNode.addEventListener("keydown", event => {
  if (event.key === "ArrowDown" && found.length && event.target === list.lastElementChild?.querySelector("a")) more();
  const links = [field, ...list.querySelectorAll("a")], here = links.indexOf(event.target);
  if (here < 0 || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && links[here + step]) links[here + step].focus();
  else if (event.key === "Escape" && here) field.focus();
  else if (event.key === "Escape") { field.value = ""; typed(); }
  else if (!step || !here) return;
  event.preventDefault();
});
list.className = "brief";
form.closest("header").after(list);
form.classList.add("ready"); // for browsers whose style sheets cannot ask for scripts
field.value = new URLSearchParams(location.search).get("q") ?? field.value; // a browser that comes back fills it in again
if (field.value) {
  list.style.minHeight = "100vh"; // what is found in texts comes later, and moves nothing that is in sight
  ask();
}
find();
