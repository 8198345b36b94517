-- Emptying a table at once passes by the triggers of its rows: what is only added to (024) refuses that too. A statement
-- that names a partition asks the partition alone, so each has its own trigger, and a new one gets it when it is made.
create trigger history_no_truncate before truncate on mortise.history
  for each statement execute function mortise.refuse_rewriting()
--
create trigger workflow_step_no_truncate before truncate on mortise.workflow_step
  for each statement execute function mortise.refuse_rewriting()
--
create function mortise.guard_history() returns void language plpgsql volatile as $$
declare part regclass;
begin
  for part in
    select i.inhrelid::regclass from pg_inherits i where i.inhparent = 'mortise.history'::regclass
      and not exists (select from pg_trigger t where t.tgrelid = i.inhrelid and t.tgname = 'history_no_truncate')
  loop
    execute format(
      'create trigger history_no_truncate before truncate on %s for each statement execute function mortise.refuse_rewriting()',
      part
    );
  end loop;
end $$
--
create or replace function mortise.extend_history() returns void language plpgsql volatile as $$
declare year integer;
begin
  for year in select generate_series(extract(year from now())::int - 1, extract(year from now())::int + 1) loop
    if to_regclass(format('mortise.history_%s', year)) is null and not exists (
      select from mortise.history_default
      where at >= make_timestamptz(year, 1, 1, 0, 0, 0, 'UTC') and at < make_timestamptz(year + 1, 1, 1, 0, 0, 0, 'UTC')
    ) then
      execute format(
        'create table mortise.history_%s partition of mortise.history for values from (%L) to (%L)',
        year, format('%s-01-01 00:00:00+00', year), format('%s-01-01 00:00:00+00', year + 1)
      );
    end if;
  end loop;
  perform mortise.guard_history();
end $$
