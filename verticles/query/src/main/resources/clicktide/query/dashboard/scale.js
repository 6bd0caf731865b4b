// The scales of a column chart.

const FACTORS = [1, 2, 2.5, 5, 10];
const MIN_STEPS = 4;
const LABEL_WIDTH = 80; // pixels

/**
 * Returns the levels of the value axis: multiples of a round whole number, from 0 to at least `max`.
 * @param {number} max
 */
export function axisLevels(max) {
  const step = roundStep(max);
  const steps = Math.max(1, Math.ceil(max / step));
  return Array.from({ length: steps + 1 }, (_, i) => i * step);
}

/**
 * Returns the smallest round whole number of which `MIN_STEPS` steps reach `max`.
 * @param {number} max
 */
function roundStep(max) {
  const exact = Math.max(max, MIN_STEPS) / MIN_STEPS;
  const power = 10 ** Math.floor(Math.log10(exact));
  const steps = FACTORS.map((factor) => factor * power);
  return steps.find((step) => step >= exact && Number.isInteger(step)) ?? Math.ceil(exact);
}

/**
 * Returns the distance between labelled columns, so that labels do not overlap: 1 labels every column.
 * @param {number} columns
 * @param {number} width of the axis in pixels
 */
export function labelStride(columns, width) {
  const fitting = Math.max(2, Math.floor(width / LABEL_WIDTH));
  return Math.max(1, Math.ceil(columns / fitting));
}
