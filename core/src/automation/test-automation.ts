import { noHooks } from '../records/hooks.ts';
import { openRecords, type RecordsFixture } from '../records/test-records.ts';
import type { AnyDocument, DocumentKind } from '../model/documents.ts';
import type { Layer } from '../model/layer.ts';
import type { AutomationRuleDocument } from '../model/rule-document.ts';
import type { LoadedPlugin } from '../plugin/hook-runner.ts';
import type { Database, Row } from '../store/database.ts';
import { label } from '../testing/sample-documents.ts';
import { createAutomation, type AutomationEngine } from './create-automation.ts';

/** The records fixture with the automation over it, and a clock that the test turns. */
export interface AutomationFixture extends RecordsFixture {
  readonly automation: AutomationEngine;
  /** Turns the clock to a moment and does what is due by then. */
  turnTo(moment: string): Promise<void>;
  runs(): Promise<readonly Run[]>;
  deliveries(): Promise<readonly Row[]>;
  /** @throws the first failure in the background, which no test expects */
  refuseReported(): void;
}

interface Run extends Row {
  readonly rule: string;
  readonly state: string;
  readonly trigger: string;
  readonly record_id: string | null;
  readonly actions: readonly { readonly name: string; readonly record?: { readonly id: string } }[];
  readonly error: { readonly en: string } | null;
}

export interface FixtureOptions {
  readonly rules?: readonly Partial<AutomationRuleDocument>[];
  readonly documents?: readonly (readonly [DocumentKind, AnyDocument])[];
  readonly plugins?: readonly LoadedPlugin[];
  readonly allowedHosts?: readonly string[];
}

/** A layer with rules over the sample documents. */
function ruleLayer({ rules = [], documents = [] }: FixtureOptions): Layer {
  const all: (readonly [DocumentKind, AnyDocument])[] = [
    ...documents,
    ...rules.map(
      (rule) =>
        [
          'rule',
          { label: label(rule.name ?? ''), entity: 'thing', ...rule } as AutomationRuleDocument,
        ] as const,
    ),
  ];
  return {
    name: 'plugin:rules',
    documents: all.map(([kind, document]) => ({
      kind,
      name: document.name,
      document,
      file: `${document.name}.json`,
    })),
  };
}

/** Builds the fixture on a fresh database. */
export async function openAutomation(
  database: Database,
  options: FixtureOptions,
): Promise<AutomationFixture> {
  let now = new Date('2026-03-02T01:00:00Z');
  let automation: AutomationEngine | undefined;
  const reported: unknown[] = [];
  const fixture = await openRecords(database, [ruleLayer(options)], noHooks, (parts) => {
    automation = createAutomation({
      ...parts,
      model: () => parts.model,
      plugins: options.plugins ?? [],
      policy: { allowedHosts: new Set(options.allowedHosts ?? []) },
      report: (error) => reported.push(error),
      clock: () => now,
    });
    return automation.follower;
  });
  const engine = automation!;
  return {
    ...fixture,
    automation: engine,
    refuseReported() {
      const [first] = reported.splice(0);
      if (first !== undefined) throw first;
    },
    async turnTo(moment) {
      now = new Date(moment);
      await engine.settle();
    },
    runs: () => database.query<Run>({ text: 'select * from mortise.rule_run order by at, id' }),
    deliveries: () => database.query({ text: 'select * from mortise.outbox order by created_at, id' }),
  };
}
