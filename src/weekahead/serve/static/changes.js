// Of a conflict: whoever wants both versions begins at the line where they differ.
for (const choice of document.querySelectorAll("input[type=radio][value=text]")) {
  choice.addEventListener("change", () => {
    const area = choice.closest("fieldset").querySelector("textarea"), lines = area.value.split("\n"), line = Number(area.dataset.line) - 1;
    const start = lines.slice(0, line).join("\n").length + (line ? 1 : 0);
    area.setSelectionRange(start, start + (lines[line] ?? "").length);
    area.scrollTop = Math.max(0, area.scrollHeight * (line - 3) / lines.length);
  });
}
