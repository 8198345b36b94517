import type { EntityView, FieldView, LocaleText, ViewDocument } from '@mortise/core/contract';
import { kindOf } from '../fields/kinds';

/** What a person has set for one view (DM-USR-05). */
export interface ViewSetting {
  readonly columns?: readonly string[];
  readonly widths?: Readonly<Record<string, number>>;
  readonly sort?: string;
}

/** A column as the grid shows it. */
export interface GridColumn {
  /** Field, or a field one reference away: `owner.name`. */
  readonly path: string;
  readonly field: FieldView;
  readonly label: LocaleText;
  readonly width: number;
  readonly align: 'start' | 'end' | 'center';
  readonly sortable: boolean;
  /** Stays in sight while the list is moved sideways. */
  readonly pinned: boolean;
}

/** Fields that may be a column: readable, with a value of their own. */
export function columnCandidates(entity: EntityView): FieldView[] {
  return entity.fields.filter((field) => field.def['hidden'] !== true && !kindOf(field).related);
}

/** A column's field; one reached through a reference is shown as the text that the server sends. */
function fieldAt(entity: EntityView, path: string): FieldView | null {
  const [head, tail] = path.split('.');
  const field = entity.fields.find((candidate) => candidate.name === head);
  if (!field) return null;
  if (!tail) return field;
  return { ...field, name: path, type: 'text', sortable: false, readOnly: true, label: field.label, def: {} };
}

/** The paths shown without a person's choice. */
export function defaultPaths(entity: EntityView, view: ViewDocument | undefined): string[] {
  if (view) {
    const shown = Object.entries(view.columns).filter(
      ([path, column]) => column.shown !== false && fieldAt(entity, path),
    );
    return shown.map(([path]) => path);
  }
  const usual = columnCandidates(entity)
    .filter((field) => !field.system)
    .map((field) => field.name);
  return [entity.display, ...usual.filter((name) => name !== entity.display)].slice(0, 8);
}

/** Columns of a list: the person's choice, else the view's, else the first fields. Unknown ones are left out. */
export function columnsOfView(
  entity: EntityView,
  view: ViewDocument | undefined,
  setting: ViewSetting | undefined,
): GridColumn[] {
  const paths = setting?.columns?.length ? setting.columns : defaultPaths(entity, view);
  return paths.flatMap((path) => {
    const field = fieldAt(entity, path);
    if (!field) return [];
    const declared = view?.columns[path];
    const kind = kindOf(field);
    return [
      {
        path,
        field,
        label: field.label,
        width:
          setting?.widths?.[path] ??
          declared?.width ??
          (field.name === entity.display ? Math.max(kind.width, 220) : kind.width),
        align: declared?.align ?? kind.align,
        sortable: field.sortable,
        pinned: declared?.pinned ?? false,
      },
    ];
  });
}
