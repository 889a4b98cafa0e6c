-- How many events per second can a log with three indexes take, one by one and in batches?

-- setup
CREATE TABLE events(
	id INTEGER PRIMARY KEY,
	at REAL NOT NULL DEFAULT (julianday('now')),
	user INTEGER NOT NULL,
	kind INTEGER NOT NULL,
	request TEXT NOT NULL,
	body TEXT NOT NULL
);
CREATE INDEX events_by_user ON events(user, at);
CREATE INDEX events_by_kind ON events(kind, at);
CREATE UNIQUE INDEX events_by_request ON events(request);

-- write
INSERT INTO events(user, kind, request, body)
	VALUES (:zipf(1,10000), :random(1,20), :id, :text(200));

-- read
SELECT at, kind, body FROM events WHERE user = :zipf(1,10000) ORDER BY at DESC LIMIT 20;

-- check
SELECT count(*) AS events, :acknowledged FROM events NOT INDEXED;
SELECT count(*) AS by_user, :acknowledged FROM events INDEXED BY events_by_user WHERE user > 0;
