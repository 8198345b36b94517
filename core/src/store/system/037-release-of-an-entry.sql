-- A release may be of one refused output: then of exactly those records (WF-12).
alter table mortise.output_release add column fingerprint text
