import { computed, onBeforeUnmount, ref, watch, type ComputedRef, type Ref } from 'vue';
import type { GridColumn } from './columns';

/** Width of the column with the check boxes. */
const CHECK = 38;
const NARROWEST = 48;
const WIDEST = 900;

export interface GridColumns {
  /** Value of `grid-template-columns` for header and rows. */
  readonly template: ComputedRef<string>;
  readonly fullWidth: ComputedRef<number>;
  /** `left` of the pinned columns at the head of the list; the others have none. */
  readonly pins: ComputedRef<ReadonlyMap<string, string>>;
  /** Starts to pull a column wider; call it from `pointerdown` on its edge. */
  startResize(event: PointerEvent, column: GridColumn): void;
}

/** Widths of a grid's columns, check boxes before them where rows are chosen: as set, fitted when they are only a little too wide, or while one is pulled. */
export function useGridColumns(
  columns: () => readonly GridColumn[],
  scroller: Ref<HTMLElement | undefined>,
  selectable: () => boolean,
  resized: (path: string, width: number) => void,
): GridColumns {
  const check = (): number => (selectable() ? CHECK : 0);
  const available = ref(0);
  const pulled = ref<{ path: string; width: number } | null>(null);
  const observer = new ResizeObserver(([entry]) => {
    if (entry && entry.contentRect.width > 0) available.value = entry.contentRect.width;
  });
  watch(scroller, (element) => {
    observer.disconnect();
    if (element) observer.observe(element);
  });
  onBeforeUnmount(() => observer.disconnect());

  const scale = computed(() => {
    const wished = check() + columns().reduce((sum, column) => sum + column.width, 0);
    const fits = available.value > 0 && wished > available.value && wished < available.value * 1.15;
    return fits ? (available.value - check() - 1) / (wished - check()) : 1;
  });
  const widthOf = (column: GridColumn): number =>
    pulled.value?.path === column.path ? pulled.value.width : Math.floor(column.width * scale.value);

  function startResize(event: PointerEvent, column: GridColumn): void {
    const from = event.clientX;
    const start = widthOf(column);
    const handle = event.currentTarget as HTMLElement;
    handle.setPointerCapture(event.pointerId);
    const widthAt = (x: number): number => Math.min(Math.max(start + x - from, NARROWEST), WIDEST);
    const onMove = (moved: PointerEvent): void => {
      pulled.value = { path: column.path, width: widthAt(moved.clientX) };
    };
    const onUp = (up: PointerEvent): void => {
      handle.removeEventListener('pointermove', onMove);
      pulled.value = null;
      if (up.clientX !== from) resized(column.path, widthAt(up.clientX));
    };
    handle.addEventListener('pointermove', onMove);
    handle.addEventListener('pointerup', onUp, { once: true });
  }

  return {
    startResize,
    template: computed(
      () =>
        `${selectable() ? `${CHECK}px ` : ''}${columns()
          .map((column) => `${widthOf(column)}px`)
          .join(' ')} minmax(0, 1fr)`,
    ),
    fullWidth: computed(() => check() + columns().reduce((sum, column) => sum + widthOf(column), 0)),
    pins: computed(() => {
      const left = new Map<string, string>();
      let at = check();
      for (const column of columns()) {
        if (!column.pinned) break;
        left.set(column.path, `${at}px`);
        at += widthOf(column);
      }
      return left;
    }),
  };
}
