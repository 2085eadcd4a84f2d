// Prints the features of HTML that a mail program does not have, by Can I email's data: one a line, with the programs.
// node caniemail.mjs PACKAGE FILE
import fs from "node:fs";

const {caniemail} = await import(process.argv[2]);
const html = fs.readFileSync(process.argv[3], "utf8").replace(/word-wrap: ?break-word;?/g, ""); // which the data do not know
const {issues} = caniemail({clients: ["gmail.*", "outlook.*", "apple-mail.*", "yahoo.*"], html});
const found = {};
for (const [program, list] of issues.errors) for (const {title} of list) (found[title] ??= new Set()).add(program);
for (const [title, programs] of Object.entries(found)) console.log(`${title}: ${[...programs].sort().join(" ")}`);
