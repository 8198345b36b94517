-- A waiting step that was passed on to another person; it holds until the record leaves the state.
create table mortise.workflow_assignment (
  id uuid primary key,
  entity text not null,
  record_id uuid not null,
  workflow text not null,
  region text not null,
  -- Who is no longer asked; null where the step waited for a role.
  from_user uuid,
  to_user uuid not null,
  -- Transitions, and as which of their alternatives he acts: transition/part/alternative.
  transitions text[] not null,
  "as" text[] not null,
  "by" uuid,
  at timestamptz not null default now(),
  reason text,
  ended_at timestamptz
)
--
create index workflow_assignment_record on mortise.workflow_assignment (entity, record_id) where ended_at is null
--
create index workflow_assignment_to on mortise.workflow_assignment (to_user, entity) where ended_at is null
--
create index workflow_assignment_from on mortise.workflow_assignment (from_user, entity) where ended_at is null
