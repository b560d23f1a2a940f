// A small label beside the pointer: the number of the cell that it points at.
const MARGIN = 14;
let bubble = null;

export function showBubble(event, text) {
  if (!bubble) {
    bubble = document.createElement("div");
    bubble.className = "walk-bubble";
    bubble.setAttribute("aria-hidden", "true");
    document.body.append(bubble);
  }
  bubble.textContent = text;
  bubble.hidden = false;
  const [width, height] = [bubble.offsetWidth, bubble.offsetHeight];
  const left = event.clientX + MARGIN + width > document.documentElement.clientWidth ? event.clientX - MARGIN - width : event.clientX + MARGIN;
  bubble.style.left = `${Math.max(4, left)}px`;
  bubble.style.top = `${Math.max(4, event.clientY - MARGIN - height)}px`;
}

export function hideBubble() {
  if (bubble) bubble.hidden = true;
}

// Calls `find` with the pointer's place inside an element, as fractions; what it returns is shown.
export function onPoint(element, find) {
  const point = (event) => {
    const frame = element.getBoundingClientRect();
    const inside = (at, size) => Math.min(0.9999, Math.max(0, at / size));
    const text = find(inside(event.clientX - frame.left, frame.width), inside(event.clientY - frame.top, frame.height));
    if (text) showBubble(event, text);
    else hideBubble();
  };
  element.addEventListener("pointermove", point);
  element.addEventListener("pointerdown", point);
  element.addEventListener("pointerleave", hideBubble);
}
