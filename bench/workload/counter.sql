-- Does a counter that is read and then written count every transaction, or are updates lost?
--
-- With txn=deferred the UPDATE fails at once if another transaction has written since the SELECT:
-- run it again with busy=retry. "-- write retry=writes" shows what a retry without the SELECT does.

-- setup
CREATE TABLE counter(n INTEGER NOT NULL);
INSERT INTO counter VALUES (0);

-- write
SELECT n AS before FROM counter;
UPDATE counter SET n = :before + 1;

-- read
SELECT n FROM counter;

-- check
SELECT n, :acknowledged FROM counter;
