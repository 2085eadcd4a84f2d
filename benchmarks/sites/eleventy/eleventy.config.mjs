// The benchmark's small site in Eleventy: a page per issue, an archive, a feed of 20, a sitemap.
import footnotes from "markdown-it-footnote";

export default function (config) {
  config.amendLibrary("md", (markdown) => markdown.set({ html: true, typographer: true }).use(footnotes));
  config.addCollection("letter", (all) => {
    const issues = all.getFilteredByGlob("issues/*.md").sort((one, other) => one.data.number - other.data.number);
    const neighbour = (issue) => issue && { url: issue.url, title: issue.data.title };
    issues.forEach((issue, place) => {
      issue.data.before = neighbour(issues[place - 1]);
      issue.data.after = neighbour(issues[place + 1]);
    });
    return issues;
  });
  config.addFilter("newest", (issues) => issues.slice(-20).reverse());
  config.addFilter("rfc822", (date) => date.toUTCString());
  config.addFilter("day", (date) => date.toISOString().slice(0, 10));
  // Markdown is text here, not a template.
  return { markdownTemplateEngine: false, htmlTemplateEngine: "njk", dir: { output: "_site" } };
}
