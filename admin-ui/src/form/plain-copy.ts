/** A deep copy of JSON data, also of Vue's proxies (which `structuredClone` refuses). */
export function plainCopy<T>(value: T): T {
  return value === undefined ? value : (JSON.parse(JSON.stringify(value)) as T);
}
