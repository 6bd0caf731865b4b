-- The quarters of the running day grow by the sums of new minutes, so put_quarter has another parameter (R__quarters.sql). Until that migration has run, a
-- refresh by an earlier version fails without an effect and is repeated after ten seconds.
DROP PROCEDURE IF EXISTS put_quarter(regclass, timestamptz, bigint[], bigint[], bigint[], bigint[]);
