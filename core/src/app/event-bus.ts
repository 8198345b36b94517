/** Tells what happened to whoever in this process wants to hear it. */
export interface EventBus<E> {
  emit(event: E): void;
  /** Returns its own removal. */
  subscribe(heard: (event: E) => void): () => void;
}

/** An event bus without listeners. */
export function createEventBus<E>(): EventBus<E> {
  const listeners = new Set<(event: E) => void>();
  return {
    emit(event) {
      for (const heard of listeners) heard(event);
    },
    subscribe(heard) {
      listeners.add(heard);
      return () => void listeners.delete(heard);
    },
  };
}
