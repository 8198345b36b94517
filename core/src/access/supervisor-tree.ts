/** A staff record, as far as rights depend on it. */
export interface StaffRow {
  readonly id: string;
  /** The account of the person, if he has one. */
  readonly user: string | null;
  /** The staff record of who stands above him. */
  readonly supervisor: string | null;
  /** Dictionary → codes of the regions he answers for. */
  readonly regions: Readonly<Record<string, readonly string[]>>;
}

/**
 * The accounts of everybody below a person: by the supervisors of staff records, also through people without an
 * account, and by the direct superiors of accounts. He himself is not among them. Circles do not hang it.
 */
export function ledBy(
  staff: readonly StaffRow[],
  superiors: readonly {
    readonly id: string;
    readonly supervisor: string | null;
  }[],
  user: string,
): readonly string[] {
  return [...reachedBy(staff, superiors, user)]
    .flatMap((node) => (node.startsWith('user ') ? [node.slice('user '.length)] : []))
    .filter((id) => id !== user)
    .sort();
}

/** The accounts (`user …`) and staff records (`staff …`) at and below a person. */
export function reachedBy(
  staff: readonly StaffRow[],
  superiors: readonly {
    readonly id: string;
    readonly supervisor: string | null;
  }[],
  user: string,
): ReadonlySet<string> {
  const below = new Map<string, string[]>();
  const put = (above: string, node: string): void => {
    const known = below.get(above);
    if (known) known.push(node);
    else below.set(above, [node]);
  };
  for (const { id, user: account, supervisor } of staff) {
    if (supervisor !== null) put(`staff ${supervisor}`, `staff ${id}`);
    // The record and the account are one person.
    if (account !== null) {
      put(`user ${account}`, `staff ${id}`);
      put(`staff ${id}`, `user ${account}`);
    }
  }
  for (const { id, supervisor } of superiors)
    if (supervisor !== null) put(`user ${supervisor}`, `user ${id}`);
  const reached = new Set([`user ${user}`]);
  for (const node of reached) for (const next of below.get(node) ?? []) reached.add(next);
  return reached;
}
