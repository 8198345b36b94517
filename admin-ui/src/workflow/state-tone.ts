type Tone = 'success' | 'danger' | 'warning' | 'info' | 'primary';

const TONES: Readonly<Record<string, Tone>> = {
  draft: 'info',
  waiting: 'warning',
  active: 'primary',
  returned: 'danger',
  done: 'success',
  cancelled: 'info',
};

/** Colour of a state by what it means. */
export function toneOfState(kind: string | null): Tone {
  return TONES[kind ?? ''] ?? 'info';
}
