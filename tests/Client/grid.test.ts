import assert from 'node:assert/strict';
import { test } from 'node:test';
import { next, type Place } from '../../src/Web/App/Client/app/grid';

// Three rows of three cells; the middle cell has three links.
const items = [
  [1, 1, 1],
  [1, 3, 2],
  [1, 1, 1],
];
const at = (row: number, column: number, item = 0): Place => ({ row, column, item });

test('Left and Right go from cell to cell and stop at the ends of the row', () => {
  assert.deepEqual(next(items, at(1, 0), 'ArrowRight', false), at(1, 1));
  assert.deepEqual(next(items, at(1, 1, 2), 'ArrowRight', false), at(1, 2, 1));
  assert.deepEqual(next(items, at(1, 2), 'ArrowRight', false), at(1, 2));
  assert.deepEqual(next(items, at(1, 0), 'ArrowLeft', false), at(1, 0));
});

test('Up and Down go through the links of a cell and then to the next row', () => {
  assert.deepEqual(next(items, at(0, 1), 'ArrowDown', false), at(1, 1, 0));
  assert.deepEqual(next(items, at(1, 1, 0), 'ArrowDown', false), at(1, 1, 1));
  assert.deepEqual(next(items, at(1, 1, 2), 'ArrowDown', false), at(2, 1));
  assert.deepEqual(next(items, at(2, 1), 'ArrowUp', false), at(1, 1, 2));
  assert.deepEqual(next(items, at(2, 1), 'ArrowDown', false), at(2, 1));
  assert.deepEqual(next(items, at(0, 1), 'ArrowUp', false), at(0, 1));
});

test('Home and End go along the row, with Control to the first and the last cell', () => {
  assert.deepEqual(next(items, at(1, 1, 2), 'Home', false), at(1, 0));
  assert.deepEqual(next(items, at(1, 1), 'End', false), at(1, 2));
  assert.deepEqual(next(items, at(1, 1), 'Home', true), at(0, 0));
  assert.deepEqual(next(items, at(1, 1), 'End', true), at(2, 2));
});

test('Page Up and Page Down stay within the grid, and other keys mean nothing', () => {
  assert.deepEqual(next(items, at(1, 1), 'PageDown', false), at(2, 1));
  assert.deepEqual(next(items, at(1, 1), 'PageUp', false), at(0, 1));
  assert.equal(next(items, at(1, 1), 'Enter', false), undefined);
  assert.equal(next(items, at(1, 1), 'a', false), undefined);
});
