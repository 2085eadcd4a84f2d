// Shows what a running command says; when it has ended, the page is loaded anew, and read on from there.
const lines = document.getElementById("lines");

async function follow() {
  const response = await fetch("/_desk/job", {cache: "no-store"}).catch(() => null);
  if (!response?.ok) return setTimeout(follow, 2000);
  const job = await response.json(), text = job.lines.join("\n");
  if (lines.textContent !== text) { lines.textContent = text; lines.scrollTop = lines.scrollHeight; }
  if (job.status === null) setTimeout(follow, 400); else location.replace("/_desk/publish?ended#said");
}

if (lines?.hasAttribute("data-running")) follow();
