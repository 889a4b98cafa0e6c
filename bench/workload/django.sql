-- Why does a request that reads and then writes in one transaction, as Django's do with
-- ATOMIC_REQUESTS, get "database is locked" at once, and does BEGIN IMMEDIATE cure it?
--
-- Compare txn=deferred, which is Django's default, with txn=immediate, which is "transaction_mode":
-- "IMMEDIATE" in the OPTIONS of its database.

-- setup
CREATE TABLE auth_user(
	id INTEGER PRIMARY KEY,
	username TEXT NOT NULL UNIQUE,
	last_login TEXT,
	requests INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE django_session(
	session_key TEXT PRIMARY KEY,
	user_id INTEGER NOT NULL,
	expire_date TEXT NOT NULL
);
CREATE TABLE django_admin_log(
	id INTEGER PRIMARY KEY,
	action_time TEXT NOT NULL,
	user_id INTEGER NOT NULL REFERENCES auth_user(id),
	change_message TEXT NOT NULL
);
CREATE INDEX django_admin_log_by_user ON django_admin_log(user_id);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
	INSERT INTO auth_user(id, username) SELECT i, printf('user%d', i) FROM n;
INSERT INTO django_session SELECT printf('session%d', id), id, '2100-01-01' FROM auth_user;

-- write
SELECT user_id AS user FROM django_session
	WHERE session_key = 'session' || :zipf(1,1000) AND expire_date > datetime('now');
SELECT username FROM auth_user WHERE id = :user;
INSERT INTO django_admin_log(action_time, user_id, change_message)
	VALUES (datetime('now'), :user, 'request of ' || :username);
UPDATE auth_user SET last_login = datetime('now'), requests = requests + 1 WHERE id = :user;

-- read
SELECT user_id AS user FROM django_session WHERE session_key = 'session' || :zipf(1,1000);
SELECT action_time, change_message FROM django_admin_log WHERE user_id = :user
	ORDER BY id DESC LIMIT 10;

-- check
SELECT sum(requests) AS requests, :acknowledged FROM auth_user;
SELECT count(*) AS log, :acknowledged FROM django_admin_log;
