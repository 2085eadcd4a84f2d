// Guards what is typed before the editor's own script is there: the browser asks before it leaves the page.
const initialValue = input => input.matches("select") ? (input.querySelector("[selected]") ?? input.options[0]).value : input.defaultValue;

function guardUnsaved(event) {
  const inputs = [...document.querySelectorAll("#text :is(textarea, select, input:not([type=hidden], [type=file]))")];
  if (document.querySelector("#write[data-unsaved]") || inputs.some(input => input.value !== initialValue(input))) event.preventDefault();
}

addEventListener("beforeunload", guardUnsaved);
document.addEventListener("submit", () => removeEventListener("beforeunload", guardUnsaved));
