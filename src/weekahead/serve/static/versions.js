// Two versions of a text that was changed in two places: joined part by part, or shown side by side.

// Are two versions, or the fields of two, the same? The order of fields is that of the page in one and of the server in the other.
export function areEqual(one, two) {
  if (typeof one !== "object") return one === two;
  const keys = new Set([...Object.keys(one), ...Object.keys(two)]);
  return [...keys].every(key => key in one && key in two && areEqual(one[key], two[key]));
}

// Return the version that has the changes of both, or null if both changed the same part. `base` is what both began with.
export function joined(base, mine, theirs) {
  const pick = (was, here, there) => here === was ? there : there === was || there === here ? here : null;
  const body = pick(base.body, mine.body, theirs.body), fields = {};
  for (const key of Object.keys(mine.fields)) {
    fields[key] = pick(base.fields[key], mine.fields[key], theirs.fields[key] ?? "");
    if (fields[key] === null) return null;
  }
  return body === null ? null : {body, fields};
}

const written = version => [...Object.entries(version.fields).filter(([, value]) => value).map(([key, value]) => `${key}: ${value}`), "", ...version.body.split("\n")];

function show(pre, lines, first, last) {
  const start = Math.max(0, first - 2), end = Math.min(lines.length, last + 2);
  pre.replaceChildren(start ? "…\n" : "");
  lines.slice(start, end).forEach((line, index) => {
    const differs = index + start >= first && index + start < last, part = document.createElement(differs ? "mark" : "span");
    part.textContent = line + (differs ? line ? "" : " " : "\n");
    pre.append(part);
  });
  if (first === last) pre.append(Object.assign(document.createElement("mark"), {textContent: "(nothing here)"}));
  if (end < lines.length) pre.append("…");
}

export function showVersions([left, right], mine, theirs) {
  const here = written(mine), there = written(theirs), most = Math.min(here.length, there.length);
  let first = 0, last = 0;
  while (first < most && here[first] === there[first]) first++;
  while (last < most - first && here[here.length - 1 - last] === there[there.length - 1 - last]) last++;
  show(left, here, first, here.length - last);
  show(right, there, first, there.length - last);
}
