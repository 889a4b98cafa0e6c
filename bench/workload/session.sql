-- How long does a request wait that stores its session, while other requests read theirs?

-- setup
CREATE TABLE sessions(
	id INTEGER PRIMARY KEY,
	data TEXT NOT NULL,
	requests INTEGER NOT NULL
);

-- write
INSERT INTO sessions VALUES (:zipf(1,10000), :text(200), 1)
	ON CONFLICT(id) DO UPDATE SET data = excluded.data, requests = requests + 1;

-- read
SELECT data FROM sessions WHERE id = :zipf(1,10000);

-- check
SELECT coalesce(sum(requests), 0) AS requests, :acknowledged FROM sessions;
