-- The history's tables as 0.1.0 made them, form by form.
-- form 1
CREATE TABLE run (
    id INTEGER PRIMARY KEY, started_at TEXT NOT NULL, finished_at TEXT, outcome TEXT,
    workbooks INTEGER, fejl INTEGER, advarsel INTEGER, info INTEGER, problems BLOB);
CREATE TABLE finding (
    identity TEXT PRIMARY KEY, workbook TEXT NOT NULL, code TEXT NOT NULL, severity TEXT NOT NULL,
    first_seen TEXT NOT NULL, last_seen TEXT NOT NULL, is_open INTEGER NOT NULL);
CREATE TABLE workbook (
    path TEXT PRIMARY KEY, stamp TEXT NOT NULL, digest TEXT NOT NULL, read_at REAL NOT NULL,
    settings TEXT NOT NULL, content BLOB NOT NULL);
CREATE TABLE sighting (
    path TEXT PRIMARY KEY, plan_id TEXT, area TEXT, checked_at TEXT NOT NULL,
    edited_at TEXT NOT NULL, missing_since TEXT);
CREATE TABLE fact (key TEXT PRIMARY KEY, value TEXT NOT NULL);
-- form 2
CREATE TABLE told (
    recipient TEXT NOT NULL, identity TEXT NOT NULL, told_on TEXT NOT NULL,
    is_open INTEGER NOT NULL, PRIMARY KEY (recipient, identity));
CREATE TABLE mailed (recipient TEXT PRIMARY KEY, sent_at TEXT NOT NULL);
-- form 3
CREATE TABLE week (
    monday TEXT NOT NULL, plan TEXT NOT NULL, area TEXT NOT NULL, fejl INTEGER NOT NULL,
    advarsel INTEGER NOT NULL, info INTEGER NOT NULL, PRIMARY KEY (monday, plan, area));
CREATE TABLE stint (
    identity TEXT PRIMARY KEY, workbook TEXT NOT NULL, opened_on TEXT NOT NULL, closed_on TEXT,
    has_returned INTEGER NOT NULL);
CREATE INDEX stint_of_workbook ON stint (workbook);
INSERT INTO stint SELECT identity, workbook, first_seen,
    CASE WHEN is_open THEN NULL ELSE last_seen END, 0 FROM finding;
CREATE TABLE approved (
    plan TEXT PRIMARY KEY, approved_on TEXT NOT NULL, figures BLOB NOT NULL);
