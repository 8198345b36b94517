/** One measured value of one screen. */
export interface Figure {
  readonly screen: string;
  readonly figure: string;
  readonly unit: 'kB' | 'ms' | 'MB' | '%' | '';
  readonly value: number;
  /** Most that DESIGN §11 allows; absent where it names none. */
  readonly budget?: number;
}

/** Measures one screen once, on a fresh page. */
export type Screen = (stage: import('./stage.ts').Stage) => Promise<readonly Figure[]>;
