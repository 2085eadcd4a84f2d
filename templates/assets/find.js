// The archive's search: it shows a field and hides the issues whose line and summary do not hold every word typed.
const box = document.querySelector(".find"), field = box.querySelector("input");
const rows = [...document.querySelectorAll(".brief li")].map(row => [row, plain(row.textContent + " " + (row.dataset.also || ""))]);
function plain(words) { return words.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase(); }
function find() {
  const wanted = plain(field.value).split(/\s+/).filter(Boolean);
  for (const [row, words] of rows) row.hidden = !wanted.every(word => words.includes(word));
  for (const year of document.querySelectorAll("section")) year.hidden = !year.querySelector("li:not([hidden])");
}
field.addEventListener("input", find);
box.classList.add("ready"); // for browsers whose style sheets cannot ask for scripts
find();
