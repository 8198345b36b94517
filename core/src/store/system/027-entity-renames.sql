-- A renamed entity takes its history along: the one change that the history and the steps of workflows allow, and only
-- to the transaction that renames.
create or replace function mortise.refuse_rewriting() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and current_setting('mortise.removes_samples', true) = 'on' then
    return old;
  end if;
  if tg_op = 'UPDATE' and current_setting('mortise.renames_entity', true) = 'on'
    and to_jsonb(new) - 'entity' = to_jsonb(old) - 'entity' then
    return new;
  end if;
  raise exception '% is append-only', tg_table_name using errcode = 'MRT02';
end $$
