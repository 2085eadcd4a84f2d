// Updates a page of the preview after each save, keeps the reader's place, and links to the desk.
const script = document.currentScript;
const isBesideEditor = window.name === "weekahead-live";
let version = Number(script.dataset.version), theme = script.dataset.theme, source = null, shown = null;

function addDeskLink() {
  if (window.top !== window) return;
  const link = document.createElement("a");
  link.id = "weekahead-desk";
  link.href = "/_desk/";
  link.textContent = script.dataset.label ? `${script.dataset.label} · Desk` : "Desk";
  Object.assign(link.style, {
    position: "fixed", insetInlineEnd: "1rem", insetBlockEnd: "1rem", zIndex: 1000, padding: ".45rem .9rem",
    borderRadius: "2rem", background: "CanvasText", color: "Canvas", font: "600 13px/1.4 system-ui, sans-serif",
    textDecoration: "none", boxShadow: "0 2px 12px #0004",
  });
  document.body.append(link);
}

async function update(change) {
  if (change.version === version) return;
  const isNewTheme = change.theme !== theme;
  version = change.version;
  theme = change.theme;
  const response = await fetch(location.href, {cache: "no-store"}), html = await response.text();
  const page = new DOMParser().parseFromString(html, "text/html");
  const needsReload = found => found.body.hasAttribute("data-error") || found.querySelector("script[src]:not([src^='/_desk/'])");
  if (isNewTheme || needsReload(page) || needsReload(document)) return location.reload();
  const body = page.body.innerHTML;
  if (shown === body) return;
  shown = body;
  const [x, y] = [scrollX, scrollY], open = [...document.querySelectorAll("details")].map(details => details.open);
  document.title = page.title;
  document.body.replaceChildren(...page.body.childNodes);
  document.querySelectorAll("details").forEach((details, index) => { details.open = open[index] ?? details.open; });
  addDeskLink();
  scrollTo({left: x, top: y, behavior: "instant"});
  performance.mark("weekahead-shown");
}

function listen() {
  if (document.hidden || (window.top !== window && !isBesideEditor)) { source?.close(); source = null; return; }
  if (source) return;
  source = new EventSource("/_changes");
  source.onmessage = event => update(JSON.parse(event.data));
}

addDeskLink();
listen();
document.addEventListener("visibilitychange", listen);
addEventListener("pagehide", () => { source?.close(); source = null; });
addEventListener("pageshow", listen);
