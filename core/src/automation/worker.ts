/** Work that is looked for again and again: at once when woken, and now and then by itself. */
export interface Worker {
  wake(): void;
  /** Waits until it finds nothing more to do. */
  settle(): Promise<void>;
  stop(): Promise<void>;
}

/** What a worker is at. */
interface State {
  stopped: boolean;
  again: boolean;
  running: Promise<void> | null;
}

/**
 * Starts to look for work.
 * @param work does some; answers whether there was any, so that it is asked again at once
 * @param everyMs how long it may take until work of another node, or of the clock, is found
 */
export function createWorker(
  work: () => Promise<boolean>,
  everyMs: number,
  report: (error: unknown) => void,
): Worker {
  const state: State = { stopped: false, again: false, running: null };

  const run = async (): Promise<void> => {
    try {
      for (let more = true; more && !state.stopped;) {
        state.again = false;
        more = (await work()) || state.again;
      }
    } catch (error) {
      if (!state.stopped) report(error);
    }
  };
  const wake = (): void => {
    if (state.stopped) return;
    state.again = true;
    state.running ??= run().finally(() => {
      state.running = null;
      // Woken after the last look had begun: it may have missed what there is.
      if (state.again) wake();
    });
  };
  const timer = setInterval(wake, everyMs);
  timer.unref();
  return {
    wake,
    async settle() {
      wake();
      while (state.running) await state.running;
    },
    async stop() {
      state.stopped = true;
      clearInterval(timer);
      await state.running;
    },
  };
}
