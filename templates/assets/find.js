// The archive's search: it shows a field and hides the issues whose line, summary and text do not hold every word typed.
// The words of the texts come with the first letter typed, a file for each year; without them titles and tags are found.
const box = document.querySelector(".find"), field = box.querySelector("input"), nothing = box.querySelector("[role=status] > *");
const years = [...document.querySelectorAll("main section")];
const known = new Map();
for (const row of document.querySelectorAll(".brief li")) known.set(row, plain(row.textContent + " " + (row.dataset.also || "")));
function plain(words) { return words.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase(); }
function find() {
  const wanted = plain(field.value).split(/\s+/).filter(Boolean);
  for (const [row, words] of known) row.hidden = !wanted.every(word => words.includes(word));
  for (const year of years) year.hidden = !year.querySelector("li:not([hidden])");
  nothing.hidden = years.some(year => !year.hidden);
}
let asked = false;
function ask() {
  if (asked) return;
  asked = true;
  for (const year of years) if (year.dataset.words) fetch(year.dataset.words).then(answer => answer.json()).then(texts => {
    for (const row of year.querySelectorAll("li")) known.set(row, known.get(row) + " " + texts[row.querySelector("a").getAttribute("href")]);
    find();
  }).catch(() => {}); // titles and tags are found all the same
}
field.addEventListener("input", () => { ask(); find(); });
box.classList.add("ready"); // for browsers whose style sheets cannot ask for scripts
find();
if (field.value) ask(); // a browser that comes back fills it in again
