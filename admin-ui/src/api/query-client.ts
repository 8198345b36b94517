import { QueryClient } from '@tanstack/vue-query';
import { ApiProblem, OFFLINE } from './client';

/** The one cache of the application. Answers of the server are final; only a missing answer is tried again. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      refetchOnWindowFocus: false,
      retry: (count, error) => error instanceof ApiProblem && error.code === OFFLINE && count < 2,
    },
  },
});
