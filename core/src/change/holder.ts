import type { Model } from '../model/model.ts';

/** Holds the one current model of this process. A change compiles the next one and swaps it in after commit. */
export interface ModelHolder {
  current(): Model;
  /** Calls `swapped` after every swap; returns its own removal. */
  onSwap(swapped: (next: Model, previous: Model) => void): () => void;
}
