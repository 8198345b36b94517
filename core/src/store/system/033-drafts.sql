-- What somebody has typed into a form and not saved: it follows him to another machine and outlives his session.
create table mortise.draft (
  id uuid not null default gen_random_uuid(),
  user_id uuid not null,
  entity text not null,
  -- The record that is changed; of a new one, the nil id.
  record_id uuid not null,
  -- The version that was on the screen; 0 for a new record.
  version integer not null,
  -- Only the fields that were changed.
  "values" jsonb not null,
  -- What these fields held when they were changed, so that changes of others can be told from the own.
  base jsonb not null,
  at timestamptz not null default now(),
  primary key (user_id, entity, record_id)
)
--
create index draft_at on mortise.draft (at)
