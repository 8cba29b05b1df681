// A walk from one digit to another: through the codes of a decoder, and beside it through the pixels.
import { decode, layersOf } from "./interactive-network.js";
import { drawing, grips, label, offer, put, slide, written } from "./interactive-parts.js";
import { filled, svg } from "./words.js";

const [LARGE, SMALL, GAP, STOPS] = [150, 32, 30, 9]; // sides of the images, the space between the large ones, images below
const WIDTH = 2 * LARGE + GAP;
const [STRIP, ROW] = [LARGE + 52, SMALL + 8]; // the top of the small images, and the height of a row of them

export function between(from, to, share) {
  return from.map((value, place) => value + share * (to[place] - value));
}

// The share of the pixels that are neither paper nor ink.
export function gray(image) {
  return image.filter((ink) => ink > 0.25 && ink < 0.75).length / image.length;
}

export function start({ side, layers, codes, from: first, to: last }, stage, { from, to, place }, words) {
  const decoder = layersOf(layers);
  offer(from, codes.map(([name]) => name));
  offer(to, codes.map(([name]) => name));
  [from.value, to.value] = [first, last];
  slide(place, 0, 100, 50);
  grips(stage, (_name, across) => put(place, 100 * Math.min(1, Math.max(0, (across - SMALL / 2) / (WIDTH - SMALL)))));
  let strip = [];
  let ends = "";
  return { show, step };

  function shown(share) {
    const [a, b] = [from, to].map(({ value }) => codes[value].slice(1));
    return [decode(decoder, between(a, b, share)), between(decode(decoder, a), decode(decoder, b), share)];
  }

  function show() {
    const share = place.value / 100;
    const images = shown(share);
    if (ends !== `${from.value} ${to.value}`) strip = stops();
    ends = `${from.value} ${to.value}`;
    const x = share * (WIDTH - SMALL);
    stage.replaceChildren(drawing(WIDTH, STRIP + 2 * ROW, ...images.flatMap((image, number) => [
      label(number * (LARGE + GAP) + LARGE / 2, 12, number ? words.pixels : words.codes, "faint"),
      picture(image, number * (LARGE + GAP), 22, LARGE),
    ]), ...strip, svg("rect", { class: "p1", x: x - 1, y: STRIP - 3, width: SMALL + 2, height: 2 * ROW - 2 }), svg("rect", { class: "hold", "data-grip": "place", x: 0, y: STRIP - 8, width: WIDTH, height: 2 * ROW + 8 })));
    const percent = written(Number(place.value), 0);
    place.ariaValueText = `${percent} %`;
    const [a, b] = [from, to].map(({ value }) => codes[value][0]);
    return filled(words.said, { percent, a, b, codes: written(100 * gray(images[0]), 0), pixels: written(100 * gray(images[1]), 0) });
  }

  // The upper row goes through the codes, and the lower one through the pixels.
  function stops() {
    return Array.from({ length: STOPS }, (_, stop) => stop / (STOPS - 1)).flatMap((share) => shown(share).map((image, row) => picture(image, share * (WIDTH - SMALL), STRIP + row * ROW, SMALL)));
  }

  function picture(image, x, y, size) {
    const cell = size / side;
    const pixels = image.flatMap((ink, at) => (ink < 0.04 ? [] : [svg("rect", { class: "ink-fill", "fill-opacity": ink.toFixed(2), x: (at % side) * cell, y: Math.floor(at / side) * cell, width: cell + 0.05, height: cell + 0.05 })]));
    return svg("svg", { x, y, width: size, height: size }, ...pixels, svg("rect", { class: "pg", width: size, height: size }));
  }

  function step() {
    place.value = place.value >= 100 ? 0 : Math.min(100, Number(place.value) + 10);
    return place.value < 100;
  }
}
