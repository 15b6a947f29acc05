/** A place on an image: 0 to 1 from its left and from its top. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

const step = 0.02;
const largeStep = 0.1;

const moves = new Map<string, Place>([
  ['ArrowLeft', { x: -1, y: 0 }],
  ['ArrowRight', { x: 1, y: 0 }],
  ['ArrowUp', { x: 0, y: -1 }],
  ['ArrowDown', { x: 0, y: 1 }],
]);

/** Where an arrow key moves the pointer, from the middle at first; undefined for any other key. */
export function moved(from: Place | undefined, { key, shiftKey }: { readonly key: string; readonly shiftKey: boolean }): Place | undefined {
  const move = moves.get(key);
  if (!move) return undefined;
  const far = shiftKey ? largeStep : step;
  const start = from ?? { x: 0.5, y: 0.5 };
  return { x: within(start.x + move.x * far), y: within(start.y + move.y * far) };
}

/** The place of a point of the window in a box of it; undefined outside. */
export function placeIn(box: { readonly left: number; readonly top: number; readonly width: number; readonly height: number }, x: number, y: number): Place | undefined {
  const place = { x: (x - box.left) / box.width, y: (y - box.top) / box.height };
  return place.x >= 0 && place.x <= 1 && place.y >= 0 && place.y <= 1 ? place : undefined;
}

/** Which ninth of the image it is, in words. */
export function words({ x, y }: Place): string {
  const column = x < 1 / 3 ? 'left' : x > 2 / 3 ? 'right' : '';
  const row = y < 1 / 3 ? 'top' : y > 2 / 3 ? 'bottom' : '';
  return [row, column].filter((word) => word !== '').join(' ') || 'middle';
}

/** Lets a function run at most once in so many milliseconds; the last call of a burst is never lost. */
export function throttled<Value>(milliseconds: number, run: (value: Value) => void): (value: Value) => void {
  let waiting: { readonly value: Value } | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const next = () => {
    timer = undefined;
    if (!waiting) return;
    const { value } = waiting;
    waiting = undefined;
    timer = setTimeout(next, milliseconds);
    run(value);
  };
  return (value) => {
    waiting = { value };
    if (timer === undefined) next();
  };
}

function within(value: number): number {
  return Math.round(Math.min(1, Math.max(0, value)) * 1000) / 1000;
}
