-- Definitions of workflows by which records have moved: a running instance keeps the one it started with (ENG-12).
create table mortise.workflow_definition (
  hash text primary key,
  name text not null,
  document json not null,
  first_used_at timestamptz not null default now()
)
--
-- One round of a workflow on a record: from the first step until the record is back at the start.
create table mortise.workflow_instance (
  id uuid primary key,
  entity text not null,
  record_id uuid not null,
  workflow text not null,
  definition text not null references mortise.workflow_definition (hash),
  started_at timestamptz not null default now(),
  -- Every region is in a final state.
  ended_at timestamptz,
  -- The record is back at the start; the next step begins another round by the definition of that day.
  closed_at timestamptz
)
--
create unique index workflow_instance_running on mortise.workflow_instance (entity, record_id, workflow)
  where closed_at is null
--
-- Who moved which record when; append-only like the history, whose row of the same version tells the values.
create table mortise.workflow_step (
  id uuid primary key,
  instance uuid not null references mortise.workflow_instance (id),
  entity text not null,
  record_id uuid not null,
  version integer not null,
  region text not null,
  transition text not null,
  from_state text not null,
  to_state text not null,
  -- As they were called then: transition, from, to.
  labels json not null,
  "by" uuid,
  at timestamptz not null default now(),
  opinion text
)
--
create index workflow_step_record on mortise.workflow_step (entity, record_id, version)
--
create index workflow_step_instance on mortise.workflow_step (instance)
