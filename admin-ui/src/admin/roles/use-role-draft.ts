import type { RoleDocument } from '@mortise/core/contract';
import { computed, ref, type ComputedRef, type Ref } from 'vue';
import { useI18n } from 'vue-i18n';
import { text } from '../../locales';
import { confirmDiscard } from '../../ui/confirm';
import { notifyDone, notifyProblem } from '../../ui/notify';
import { loadDocuments, newDocument, wish } from '../api/documents';
import { documentFaults } from '../review/document-faults';
import { useReview, type Review } from '../review/use-review';

/** A role while it is edited. */
export interface RoleDraft {
  /** Null while the role is only shown. */
  readonly draft: Ref<RoleDocument | null>;
  /** It is not stored yet. */
  readonly isNew: Ref<boolean>;
  readonly changed: ComputedRef<boolean>;
  /** What the server found wrong with it. */
  readonly refused: Ref<readonly string[]>;
  readonly review: Review;
  edit(): void;
  create(document: RoleDocument): void;
  /** False when the person wants to keep on editing. */
  leave(): Promise<boolean>;
  /** Plans, shows and applies it like every other document. */
  apply(): Promise<void>;
}

/** Edits the shown role, or a new one. @param base of the shown role @param applied told the name of what is now stored */
export function useRoleDraft(
  shown: ComputedRef<RoleDocument | undefined>,
  base: () => string | undefined,
  applied: (name: string) => void,
): RoleDraft {
  const { t } = useI18n();
  const review = useReview();
  const draft = ref<RoleDocument | null>(null);
  const isNew = ref(false);
  /** Where editing began: what somebody else saves after it is a conflict. */
  let openedBase: string | undefined;
  const refused = ref<readonly string[]>([]);
  const changed = computed(
    () =>
      draft.value !== null && (isNew.value || JSON.stringify(draft.value) !== JSON.stringify(shown.value)),
  );

  function begin(document: RoleDocument | null, asNew: boolean): void {
    draft.value = document;
    isNew.value = asNew;
    openedBase = asNew ? undefined : base();
    refused.value = [];
  }

  return {
    draft,
    isNew,
    changed,
    refused,
    review,
    edit: () => begin(shown.value ?? null, false),
    create: (document) => begin(document, true),
    async leave() {
      const question = t('admin.role.discard', { role: text(draft.value?.label) });
      if (changed.value && !(await confirmDiscard(question))) return false;
      begin(null, false);
      return true;
    },
    async apply() {
      const wished = draft.value;
      if (!wished) return;
      refused.value = [];
      const result = await review.start({
        title: t('admin.role.apply', { role: text(wished.label) }),
        build: async (fresh) => {
          const stored = isNew.value
            ? undefined
            : (await loadDocuments('role', fresh)).find(({ name }) => name === wished.name);
          if (!stored) return [newDocument('role', wished)];
          const change = wish(stored, wished);
          return [fresh || openedBase === undefined ? change : { ...change, base: openedBase }];
        },
      });
      if (result.state === 'problem') {
        refused.value = documentFaults(result.problem).map(
          (fault) => `${fault.message} (${fault.pointer.split('/').slice(1).join(' › ')})`,
        );
        if (refused.value.length === 0) notifyProblem(result.problem);
        return;
      }
      if (result.state === 'closed') return;
      if (result.state === 'applied') notifyDone(t('admin.review.applied', { version: result.version }));
      begin(null, false);
      applied(wished.name);
    },
  };
}
