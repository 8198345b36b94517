import { nextTick, shallowRef, type Ref } from 'vue';

/** A cell by row of the result (−1 is the header) and column (0 is the check box). */
export interface CellPlace {
  readonly row: number;
  readonly column: number;
}

/** What the keys of a grid do besides moving. */
export interface GridKeys {
  rows(): number;
  columns(): number;
  /** 0 with check boxes, 1 without. */
  firstColumn(): number;
  /** Rows of one page. */
  page(): number;
  scrollTo(row: number): void;
  open(row: number, apart: boolean): void;
  toggle(row: number): void;
  sort(column: number): void;
  selectAll(): void;
}

/** Frames in which a row far away may come into being. */
const PATIENCE = 30;

/** The element of a cell; a row that was out of sight exists only some frames after the grid was moved to it. */
async function rendered(
  scroller: Ref<HTMLElement | undefined>,
  place: CellPlace,
): Promise<HTMLElement | null> {
  for (let frame = 0; frame < PATIENCE; frame += 1) {
    const cell = scroller.value?.querySelector<HTMLElement>(`[data-cell="${place.row}:${place.column}"]`);
    if (cell) return cell;
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
  return null;
}

/** The cell that has the focus, moved by keys as ARIA grids are; the others are out of the tab order. */
export function useGridCursor(
  scroller: Ref<HTMLElement | undefined>,
  keys: GridKeys,
): {
  readonly active: Ref<CellPlace>;
  goTo(place: CellPlace): Promise<void>;
  /** Gives the focus back to its cell, if that is in sight and nothing else has taken it. */
  refocus(): Promise<void>;
  onKey(event: KeyboardEvent): Promise<void>;
} {
  const active = shallowRef<CellPlace>({ row: 0, column: keys.firstColumn() });

  async function goTo({ row, column }: CellPlace): Promise<void> {
    const next = {
      row: Math.min(Math.max(row, -1), keys.rows() - 1),
      column: Math.min(Math.max(column, keys.firstColumn()), keys.columns()),
    };
    active.value = next;
    if (next.row >= 0) keys.scrollTo(next.row);
    await nextTick();
    const cell = await rendered(scroller, next);
    // Another key may have been pressed meanwhile.
    if (active.value !== next) return;
    cell?.focus({ preventScroll: true });
    cell?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  async function refocus(): Promise<void> {
    const cell = await rendered(scroller, active.value);
    if (document.activeElement === document.body) cell?.focus({ preventScroll: true });
  }

  function target(event: KeyboardEvent): CellPlace | null {
    const { row, column } = active.value;
    const last = keys.columns();
    const moves: Record<string, CellPlace> = {
      ArrowDown: { row: row + 1, column },
      ArrowUp: { row: row - 1, column },
      ArrowRight: { row, column: column + 1 },
      ArrowLeft: { row, column: column - 1 },
      PageDown: { row: row + keys.page(), column },
      PageUp: { row: Math.max(row - keys.page(), 0), column },
      Home: { row: event.ctrlKey ? 0 : row, column: 0 },
      End: { row: event.ctrlKey ? keys.rows() - 1 : row, column: last },
    };
    return moves[event.key] ?? null;
  }

  function act(event: KeyboardEvent): boolean {
    const { row, column } = active.value;
    if (event.ctrlKey && event.key.toLowerCase() === 'a') keys.selectAll();
    else if (event.key === 'Enter' && row >= 0) keys.open(row, event.ctrlKey);
    else if (event.key === ' ' && row >= 0) keys.toggle(row);
    else if ((event.key === ' ' || event.key === 'Enter') && column > 0) keys.sort(column - 1);
    else return false;
    return true;
  }

  async function onKey(event: KeyboardEvent): Promise<void> {
    const next = target(event);
    if (next) {
      event.preventDefault();
      await goTo(next);
    } else if (act(event)) event.preventDefault();
  }

  return { active, goTo, refocus, onKey };
}
