import type { Queryable } from '../../store/database.ts';
import { type MetadataPackage, packageMark } from './metadata-package.ts';

/** Marks that a package carries at most. */
const MOST_MARKS = 100;

interface StateRow extends Record<string, unknown> {
  readonly mark: string;
  readonly lineage: readonly string[];
}

/**
 * Remembers a state that is leaving this installation, or that has come to it, and answers it with its lineage: the
 * states it came from. Remembering the newest state again changes nothing.
 * @param from lineage of a package that came in; of a state that goes out, what is remembered here
 */
export async function rememberState(
  db: Queryable,
  content: Pick<MetadataPackage, 'plugins' | 'documents'>,
  from?: readonly string[],
): Promise<readonly string[]> {
  const mark = packageMark(content);
  const [newest] = await db.query<StateRow>({
    text: 'select mark, lineage from mortise.package_state order by number desc limit 1',
  });
  if (newest?.mark === mark) return newest.lineage;
  const known = from ?? newest?.lineage ?? [];
  const lineage = known.at(-1) === mark ? known : [...known, mark].slice(-MOST_MARKS);
  await db.query({
    text: 'insert into mortise.package_state (mark, lineage, plugins, documents) values ($1, $2, $3, $4)',
    values: [
      mark,
      JSON.stringify(lineage),
      JSON.stringify(content.plugins),
      JSON.stringify(content.documents),
    ],
  });
  return lineage;
}

/** The newest state that this installation and the package have both been in; null when they never met. */
export async function commonState(
  db: Queryable,
  lineage: readonly string[],
): Promise<Pick<MetadataPackage, 'plugins' | 'documents'> | null> {
  if (lineage.length === 0) return null;
  const [row] = await db.query<Pick<MetadataPackage, 'plugins' | 'documents'> & Record<string, unknown>>({
    text: `select plugins, documents from mortise.package_state
      where mark = any($1::text[]) order by number desc limit 1`,
    values: [lineage],
  });
  return row ?? null;
}
