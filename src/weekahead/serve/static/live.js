// Keeps a page of the preview up to date without losing the reader's place, and leads to the desk.
const script = document.currentScript;
let number = Number(script.dataset.number), look = script.dataset.look, source = null, shown = null;

function bar() {
  if (window.top !== window) return;
  const link = document.createElement("a");
  link.id = "weekahead-desk";
  link.href = "/_desk/";
  link.textContent = script.dataset.bar ? `${script.dataset.bar} · Desk` : "Desk";
  Object.assign(link.style, {
    position: "fixed", insetInlineEnd: "1rem", insetBlockEnd: "1rem", zIndex: 1000, padding: ".45rem .9rem",
    borderRadius: "2rem", background: "CanvasText", color: "Canvas", font: "600 13px/1.4 system-ui, sans-serif",
    textDecoration: "none", boxShadow: "0 2px 12px #0004",
  });
  document.body.append(link);
}

async function update(news) {
  if (news.number === number) return;
  const themed = news.look !== look;
  number = news.number;
  look = news.look;
  const answer = await fetch(location.href, {cache: "no-store"}), text = await answer.text();
  const page = new DOMParser().parseFromString(text, "text/html");
  const special = found => found.body.hasAttribute("data-error") || found.querySelector("script[src]:not([src^='/_desk/'])");
  if (themed || special(page) || special(document)) return location.reload();
  const next = page.body.innerHTML;
  if (shown === next) return;
  shown = next;
  const [x, y] = [scrollX, scrollY], open = [...document.querySelectorAll("details")].map(one => one.open);
  document.title = page.title;
  document.body.replaceChildren(...page.body.childNodes);
  document.querySelectorAll("details").forEach((one, place) => { one.open = open[place] ?? one.open; });
  bar();
  scrollTo({left: x, top: y, behavior: "instant"});
  performance.mark("weekahead-shown");
}

function listen() {
  if (document.hidden || window.top !== window) { source?.close(); source = null; return; }
  if (source) return;
  source = new EventSource("/_changes");
  source.onmessage = event => update(JSON.parse(event.data));
}

bar();
listen();
document.addEventListener("visibilitychange", listen);
addEventListener("pagehide", () => { source?.close(); source = null; });
addEventListener("pageshow", listen);
