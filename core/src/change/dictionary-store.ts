import type { Model } from '../model/model.ts';
import type { Dictionaries, DictionaryValue } from '../store/dictionaries.ts';
import type { StoredValue } from './dictionary-rows.ts';

interface Loaded {
  readonly ordered: readonly DictionaryValue[];
  readonly byCode: ReadonlyMap<string, DictionaryValue>;
  readonly children: ReadonlyMap<string, readonly string[]>;
  readonly revision: number;
}

const EMPTY: Loaded = { ordered: [], byCode: new Map(), children: new Map(), revision: 0 };
/** The names of the roles, offered as a dictionary to the field “roles” of users. */
const ROLES = '$roles';

/** All dictionary values in memory. `load` replaces them whole, so a reader never sees half of a change. */
export class DictionaryStore implements Dictionaries {
  #loaded: ReadonlyMap<string, Loaded> = new Map();

  /** Answers the names of the dictionaries whose revision has changed. */
  load(rows: readonly StoredValue[], model: Model): readonly string[] {
    const grouped = new Map<string, StoredValue[]>();
    for (const row of rows) {
      const group = grouped.get(row.dictionary);
      if (group) group.push(row);
      else grouped.set(row.dictionary, [row]);
    }
    grouped.set(ROLES, roleValues(model));
    const previous = this.#loaded;
    this.#loaded = new Map([...grouped].map(([name, values]) => [name, arrange(values)]));
    const names = new Set([...previous.keys(), ...this.#loaded.keys()]);
    return [...names].filter((name) => previous.get(name)?.revision !== this.#loaded.get(name)?.revision);
  }

  values(dictionary: string): readonly DictionaryValue[] {
    return this.#of(dictionary).ordered;
  }

  value(dictionary: string, code: string): DictionaryValue | undefined {
    return this.#of(dictionary).byCode.get(code);
  }

  descendants(dictionary: string, code: string): readonly string[] {
    const { children } = this.#of(dictionary);
    const found = [code];
    for (let at = 0; at < found.length; at += 1) found.push(...(children.get(found[at] ?? '') ?? []));
    return found;
  }

  revision(dictionary: string): number {
    return this.#of(dictionary).revision;
  }

  #of(dictionary: string): Loaded {
    return this.#loaded.get(dictionary) ?? EMPTY;
  }
}

function roleValues(model: Model): StoredValue[] {
  return [...model.roles.values()].map((role, index) => ({
    dictionary: ROLES,
    code: role.name,
    label: role.label,
    parent: null,
    sort: index,
    active: true,
    color: null,
    data: {},
    isSystem: true,
    revision: model.version,
  }));
}

/** Depth first, siblings by `sort`, then code. A value whose parent is gone stands at the top. */
function arrange(rows: readonly StoredValue[]): Loaded {
  const byCode = new Map<string, DictionaryValue>();
  const children = new Map<string, string[]>();
  const roots: string[] = [];
  let revision = 0;
  const sorted = [...rows].sort((a, b) => a.sort - b.sort || (a.code < b.code ? -1 : 1));
  for (const { dictionary: _dictionary, revision: changed, ...value } of sorted) {
    byCode.set(value.code, value);
    revision = Math.max(revision, changed);
  }
  for (const value of byCode.values()) {
    const siblings =
      value.parent !== null && byCode.has(value.parent) ? listOf(children, value.parent) : roots;
    siblings.push(value.code);
  }
  const ordered: DictionaryValue[] = [];
  const walk = (codes: readonly string[]): void => {
    for (const code of codes) {
      ordered.push(byCode.get(code)!);
      walk(children.get(code) ?? []);
    }
  };
  walk(roots);
  return { ordered, byCode, children, revision };
}

function listOf(map: Map<string, string[]>, key: string): string[] {
  const list = map.get(key) ?? [];
  map.set(key, list);
  return list;
}
