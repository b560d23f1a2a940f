// A row of buttons of which one is pressed.
import { paint, palette } from "../../learn/assets/paint.js";
import { most } from "./numbers.js";

export function choose(place, names, chosen, onChoose, pictures = []) {
  place.replaceChildren(
    ...names.map((name, i) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...(pictures[i] ? [thumbnail(pictures[i])] : []), name);
      press(button, i === chosen);
      button.addEventListener("click", () => {
        onChoose(i);
        place.children[i].focus({ preventScroll: true });
      });
      return button;
    }),
  );
}

export function press(button, on) {
  button.setAttribute("aria-pressed", String(on));
}

function thumbnail(values) {
  const picture = document.createElement("canvas");
  picture.setAttribute("aria-hidden", "true");
  paint(picture, values, "signed", most(values), palette());
  return picture;
}
