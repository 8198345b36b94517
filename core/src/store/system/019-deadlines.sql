-- When something is due for a record that stands in a state of its workflow. Written with the step that led into the
-- state and taken away with the one that leads out of it; it keeps the deadline as it was then (ENG-12).
create table mortise.timer (
  id uuid primary key,
  due_at timestamptz not null,
  entity text not null,
  record_id uuid not null,
  workflow text not null,
  region text not null,
  -- The field that holds the state, and the state that must still be there.
  field text not null,
  state text not null,
  deadline text not null,
  document json not null,
  created_at timestamptz not null
)
--
create index timer_due on mortise.timer (due_at)
--
create index timer_record on mortise.timer (entity, record_id)
