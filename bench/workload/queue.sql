-- How many jobs per second can workers add, claim and finish if a table is the queue?

-- setup
CREATE TABLE jobs(
	id INTEGER PRIMARY KEY,
	state TEXT NOT NULL DEFAULT 'new', -- then 'running', then 'done'
	worker TEXT,
	payload TEXT NOT NULL
);
CREATE INDEX jobs_by_state ON jobs(state, id);
CREATE TABLE claims(job INTEGER NOT NULL, worker TEXT NOT NULL);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
	INSERT INTO jobs(payload) SELECT printf('%0100d', i) FROM n;

-- write
INSERT INTO jobs(payload) VALUES (:text(100));

-- write
UPDATE jobs SET state = 'running', worker = :id
	WHERE id = (SELECT id FROM jobs WHERE state = 'new' ORDER BY id LIMIT 1)
	RETURNING id AS job;
INSERT INTO claims SELECT :job, :id WHERE :job IS NOT NULL;

-- write
UPDATE jobs SET state = 'done'
	WHERE id = (SELECT id FROM jobs WHERE state = 'running' ORDER BY id LIMIT 1);

-- read
SELECT state, count(*) FROM jobs GROUP BY state;

-- check
SELECT count(*) AS claims, count(DISTINCT job) AS jobs FROM claims;
SELECT count(*) AS claimed_jobs, (SELECT count(*) FROM claims) FROM jobs WHERE state <> 'new';
