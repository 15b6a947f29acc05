/**
 * A table of links as a WAI-ARIA grid: one stop of the Tab key, arrow keys from cell to cell, Home and End along the row, with Control to the first and last cell, Page Up and
 * Page Down five rows. A cell with several links is gone through by Up and Down. Without script it is a table with links.
 * https://www.w3.org/WAI/ARIA/apg/patterns/grid/
 */

/** A place in the grid; item is the link within the cell. */
export interface Place {
  row: number;
  column: number;
  item: number;
}

const PAGE = 5;

/**
 * Where a key leads; undefined if it means nothing here.
 * @param items How many there are to stop at in each cell, by row and column; at least one.
 */
export function next(items: readonly (readonly number[])[], at: Place, key: string, control: boolean): Place | undefined {
  const lastRow = items.length - 1;
  const count = (row: number, column: number): number => items[row]?.[column] ?? 1;
  const last = (row: number): number => (items[row]?.length ?? 1) - 1;
  const to = (row: number, column: number, item: number): Place => {
    const there = Math.min(Math.max(row, 0), lastRow);
    const cell = Math.min(Math.max(column, 0), last(there));
    return { row: there, column: cell, item: Math.min(Math.max(item, 0), count(there, cell) - 1) };
  };
  switch (key) {
    case 'ArrowRight':
      return to(at.row, at.column + 1, at.item);
    case 'ArrowLeft':
      return to(at.row, at.column - 1, at.item);
    case 'ArrowDown':
      if (at.item + 1 < count(at.row, at.column)) return { ...at, item: at.item + 1 };
      return at.row < lastRow ? to(at.row + 1, at.column, 0) : at;
    case 'ArrowUp':
      if (at.item > 0) return { ...at, item: at.item - 1 };
      return at.row > 0 ? to(at.row - 1, at.column, Number.MAX_SAFE_INTEGER) : at;
    case 'Home':
      return control ? to(0, 0, 0) : to(at.row, 0, 0);
    case 'End':
      return control ? to(lastRow, last(lastRow), Number.MAX_SAFE_INTEGER) : to(at.row, last(at.row), 0);
    case 'PageDown':
      return to(at.row + PAGE, at.column, 0);
    case 'PageUp':
      return to(at.row - PAGE, at.column, 0);
    default:
      return undefined;
  }
}

export function startGrid(table: HTMLTableElement): void {
  const stops = [...table.rows].map((row) =>
    [...row.cells].map((cell): HTMLElement[] => {
      const links = [...cell.querySelectorAll<HTMLElement>('a[href]')];
      return links.length > 0 ? links : [cell];
    }),
  );
  const places = new Map<EventTarget, Place>();
  for (const [row, cells] of stops.entries())
    for (const [column, cell] of cells.entries()) for (const [item, stop] of cell.entries()) places.set(stop, { row, column, item });
  const counts = stops.map((row) => row.map((cell) => cell.length));

  table.setAttribute('role', 'grid');
  for (const stop of stops.flat(2)) stop.tabIndex = -1;
  // The first thing that one can do in the grid's body, not its headings.
  let current = table.querySelector<HTMLElement>('td a[href]') ?? stops[0]?.[0]?.[0];
  if (current) current.tabIndex = 0;

  table.addEventListener('focusin', ({ target }) => {
    if (!(target instanceof HTMLElement) || !places.has(target)) return;
    if (current) current.tabIndex = -1;
    current = target;
    current.tabIndex = 0;
  });
  table.addEventListener('keydown', (event) => {
    if (event.altKey || event.metaKey || event.shiftKey || !event.target) return;
    const at = places.get(event.target);
    const place = at && next(counts, at, event.key, event.ctrlKey);
    const stop = place && stops[place.row]?.[place.column]?.[place.item];
    if (!stop) return;
    event.preventDefault();
    stop.focus();
  });
}
