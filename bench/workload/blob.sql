-- How many values of 16 KiB per second can be stored under keys, most of them the same few?

-- setup
CREATE TABLE store(
	key INTEGER PRIMARY KEY,
	version INTEGER NOT NULL,
	value BLOB NOT NULL
);

-- write
INSERT INTO store VALUES (:zipf(1,1000), 1, CAST(:text(16384) AS BLOB))
	ON CONFLICT(key) DO UPDATE SET version = version + 1, value = excluded.value;

-- read
SELECT value FROM store WHERE key = :zipf(1,1000);

-- check
SELECT coalesce(sum(version), 0) AS versions, :acknowledged FROM store;
SELECT count(*) AS short_values, 0 FROM store WHERE length(value) <> 16384;
