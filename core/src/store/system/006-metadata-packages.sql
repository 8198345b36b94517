-- States in which the configuration left this installation as a package, or came to it: the bases of later merges.
create table mortise.package_state (
  number integer generated always as identity primary key,
  mark text not null,
  at timestamptz not null default now(),
  lineage json not null,
  plugins json not null,
  documents json not null
)
--
create index package_state_mark on mortise.package_state (mark, number desc)
