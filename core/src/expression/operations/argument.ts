/** The argument at `index` (0-based). The check of the call has counted them, so that it is always there. */
export function argument<T>(args: readonly T[], index: number): T {
  return args[index] as T;
}
