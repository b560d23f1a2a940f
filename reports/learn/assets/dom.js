// What every lesson does with its form: read the controls, draw, draw again when one is moved.

export function lesson(name, draw) {
  const root = document.getElementById(name);
  const form = root.querySelector("form");
  const self = {
    form,
    part: (key) => root.querySelector(`[data-part="${key}"]`),
    control: (key) => form.elements[key],
    say: (text) => write(root.querySelector(".say"), text),
    update() {
      form.querySelectorAll("input[type=range]").forEach(showValue);
      draw(values(form), self);
    },
  };
  form.addEventListener("input", self.update);
  form.addEventListener("submit", (event) => event.preventDefault());
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", self.update);
  addEventListener("resize", self.update);
  return self;
}

export function onClick(lesson, name, action) {
  lesson.control(name).addEventListener("click", () => {
    action();
    lesson.update();
  });
}

// Counts a slider up to its end, `interval` milliseconds a step. Where motion is not wanted it goes there at once.
export function player(lesson, button, slider, interval) {
  const [knob, range] = [lesson.control(button), lesson.control(slider)];
  let timer = 0;
  const stop = () => {
    clearInterval(timer);
    timer = 0;
    write(knob, "Play");
  };
  const advance = () => {
    range.value = Number(range.value) + Number(range.step);
    if (Number(range.value) >= Number(range.max)) stop();
    lesson.update();
  };
  knob.addEventListener("click", () => {
    if (timer) return stop();
    if (Number(range.value) >= Number(range.max)) range.value = range.min;
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
      range.value = range.max;
      return lesson.update();
    }
    write(knob, "Pause");
    timer = setInterval(advance, interval);
  });
  range.addEventListener("input", stop);
}

// Numbers for sliders, truth for ticks, text for all else.
export function values(form) {
  const found = {};
  for (const control of form.elements) {
    if (control.type === "range") found[control.name] = Number(control.value);
    else if (control.type === "checkbox") found[control.name] = control.checked;
    else if (control.type === "text" || (control.type === "radio" && control.checked)) found[control.name] = control.value;
  }
  return found;
}

export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

// A number as people read it: a proper minus, no needless digits.
export function number(value, digits = 2) {
  const text = value.toFixed(digits);
  return (Number(text) === 0 ? text.replace("-", "") : text).replace("-", "−");
}

export function percent(share) {
  return `${(100 * share).toFixed(1)}\u00a0%`;
}

function showValue(range) {
  const digits = (range.step.split(".")[1] ?? "").length;
  const text = number(Number(range.value), digits) + range.dataset.unit;
  range.setAttribute("aria-valuetext", text);
  write(range.previousElementSibling, text);
}
