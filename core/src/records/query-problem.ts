import { problem, type Parameters, type ProblemCode } from '../errors/catalogue.ts';
import type { Problem } from '../errors/problem.ts';

type QueryCode = Extract<ProblemCode, `MRT_QUERY_${string}`>;

/** A problem of a query with the JSON Pointer of its faulty place, e.g. `/filter/owner.unit/$in`. */
export function queryProblem(code: QueryCode, parameters: Parameters, path: string): Problem {
  const bare = problem(code, parameters);
  return problem(code, parameters, [{ path, code, message: bare.text }]);
}

/** Escapes one segment of a JSON Pointer. */
export function pointerSegment(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
