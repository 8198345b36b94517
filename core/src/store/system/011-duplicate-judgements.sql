-- Records of one kind that somebody looked at and judged to be two (ENT-03): the pair is not asked about again.
create table mortise.duplicate_judgement (
  entity text not null,
  one uuid not null,
  other uuid not null,
  "by" uuid,
  at timestamptz not null default now(),
  reason text not null,
  primary key (entity, one, other),
  check (one < other)
)
--
create index duplicate_judgement_other on mortise.duplicate_judgement (entity, other)
