"use strict";
// Shows the paths through the box under the pointer, or else the one that has the focus.
const graph = document.getElementById("graph");
const boxes = [...graph.querySelectorAll(".box")];
const arrows = [...graph.querySelectorAll(".arrow")];
const into = boxes.map(() => []);
const outOf = boxes.map(() => []);
for (const arrow of arrows) {
  into[arrow.dataset.head].push(arrow);
  outOf[arrow.dataset.tail].push(arrow);
}

let lit = [];

// Everything on the way from `start`: the arrows of `joined` and the boxes at their ends, found by `end`.
function reached(start, joined, end) {
  const found = new Set([start]);
  const pending = [start];
  while (pending.length) {
    for (const arrow of joined[pending.pop()]) {
      lit.push(arrow);
      const next = Number(arrow.dataset[end]);
      if (!found.has(next)) {
        found.add(next);
        pending.push(next);
      }
    }
  }
  for (const key of found) lit.push(boxes[key]);
}

function trace(box) {
  for (const element of lit) element.classList.remove("lit", "chosen");
  lit = [];
  graph.classList.toggle("tracing", box !== null);
  if (box === null) return;
  const key = Number(box.id.slice(1));
  reached(key, into, "tail");
  reached(key, outOf, "head");
  for (const element of lit) element.classList.add("lit");
  box.classList.add("chosen");
}

const focused = () => document.activeElement?.closest?.(".box") ?? null;

graph.addEventListener("pointerover", (event) => trace(event.target.closest(".box") ?? focused()));
graph.addEventListener("pointerleave", () => trace(focused()));
// Not on the graph itself: Chromium lets the keyboard stop at an SVG element that listens for focus.
document.addEventListener("focusin", (event) => trace(event.target.closest(".box")));
document.addEventListener("focusout", () => trace(null));
addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    focused()?.blur();
    trace(null);
  }
});
