-- The business day for which formulas over today() were last calculated (ENG-05): whichever node sees a new day first
-- notes it and leaves the calculation as online steps, in one transaction.
create table mortise.business_day (
  only_row boolean primary key default true check (only_row),
  day date not null
)
