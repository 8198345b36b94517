import type { TransitionDocument, WorkflowDocument } from '../model/workflow-document.ts';

const label = (text: string): { 'zh-CN': string; en: string } => ({ 'zh-CN': `${text}中`, en: text });
const set = (values: Readonly<Record<string, string>>): Pick<TransitionDocument, 'actions'> => ({
  actions: { mark: { action: 'set', values } },
});

/** The review of data in two steps over all entities that have the review marks, as the base ships it (WF-01). */
export const sampleReview: WorkflowDocument = {
  name: 'data_review',
  label: label('Review'),
  entity: '*',
  regions: {
    review: {
      label: label('Review'),
      field: 'review_status',
      initial: 'unreviewed',
      states: {
        unreviewed: { label: label('Not reviewed'), kind: 'waiting' },
        first_passed: { label: label('First passed'), kind: 'waiting' },
        second_passed: { label: label('Second passed'), kind: 'done', final: true },
        rejected: { label: label('Returned'), kind: 'returned' },
      },
      transitions: {
        first_pass: {
          label: label('Pass first'),
          from: { unreviewed: true },
          to: 'first_passed',
          fourEyes: { author: true },
          opinion: 'optional',
          ...set({ first_review_mark: "'passed'", first_reviewer: 'user.id', review_opinion: 'opinion' }),
        },
        second_pass: {
          label: label('Pass second'),
          from: { first_passed: true },
          to: 'second_passed',
          fourEyes: { author: true, transitions: { first_pass: true } },
          opinion: 'optional',
          ...set({ second_review_mark: "'passed'", second_reviewer: 'user.id', review_opinion: 'opinion' }),
        },
        send_back: {
          label: label('Send back'),
          from: { unreviewed: true, first_passed: true },
          to: 'rejected',
          fourEyes: { author: true },
          opinion: 'required',
          ...set({ first_review_mark: "'rejected'", review_opinion: 'opinion' }),
        },
        withdraw_first: {
          label: label('Withdraw'),
          from: { first_passed: true },
          to: 'unreviewed',
          who: { doer: { stepBy: { first_pass: true } } },
          ...set({ first_review_mark: "'pending'" }),
        },
        content_changed: {
          label: label('Changed'),
          from: { first_passed: true, second_passed: true, rejected: true },
          to: 'unreviewed',
          on: 'change',
          ...set({ first_review_mark: "'pending'", second_review_mark: "'pending'" }),
        },
      },
    },
  },
};
