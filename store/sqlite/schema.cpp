// The steps of the schema. A step that was released is never changed again; SCHEMA.md describes the result.
#include <array>

#include "store/sqlite/migrations.hpp"

namespace baton::store::sqlite {
namespace {

constexpr const char* kVersion1 = R"sql(
CREATE TABLE tasks (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  team_id TEXT,
  parent_task_id TEXT REFERENCES tasks(id),
  created_at INTEGER NOT NULL,
  scheduled_by TEXT NOT NULL,
  tenant_id TEXT,
  source_delegation_id TEXT,
  parent_session_id TEXT,
  title TEXT NOT NULL,
  description TEXT,
  status TEXT NOT NULL
    CHECK (status IN ('backlog', 'todo', 'in_progress', 'in_review', 'blocked', 'done', 'cancelled')),
  priority INTEGER NOT NULL,
  dropped INTEGER NOT NULL CHECK (dropped IN (0, 1)),
  assignee_agent_id TEXT,
  assignee_runtime TEXT,
  fence INTEGER NOT NULL CHECK (fence >= 0),
  claimed_at INTEGER,
  unmet_blockers INTEGER NOT NULL CHECK (unmet_blockers >= 0),
  worktree_ref TEXT,
  branch_ref TEXT,
  cost_usd REAL NOT NULL,
  verification TEXT,
  updated_at INTEGER NOT NULL,
  completed_at INTEGER,
  last_event_seq INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX tasks_of_team ON tasks (team_id) WHERE team_id IS NOT NULL;
CREATE INDEX tasks_ready ON tasks (priority DESC)
  WHERE status = 'todo' AND assignee_agent_id IS NULL AND dropped = 0 AND unmet_blockers = 0;
CREATE INDEX tasks_ready_of_team ON tasks (team_id, priority DESC)
  WHERE status = 'todo' AND assignee_agent_id IS NULL AND dropped = 0 AND unmet_blockers = 0 AND team_id IS NOT NULL;

CREATE TABLE task_deps (
  task_id TEXT NOT NULL REFERENCES tasks(id),
  depends_on_task_id TEXT NOT NULL REFERENCES tasks(id),
  PRIMARY KEY (task_id, depends_on_task_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX task_deps_reverse ON task_deps (depends_on_task_id);

CREATE TABLE task_comments (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  task_id TEXT NOT NULL REFERENCES tasks(id),
  author_agent_id TEXT,
  author_type TEXT NOT NULL,
  body TEXT NOT NULL,
  tenant_id TEXT,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX task_comments_of_task ON task_comments (task_id);

CREATE TABLE workspaces (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  task_id TEXT NOT NULL REFERENCES tasks(id),
  created_at INTEGER NOT NULL,
  tenant_id TEXT,
  repo_path TEXT NOT NULL,
  branch TEXT,
  worktree_path TEXT,
  status TEXT NOT NULL CHECK (status IN ('active', 'archived', 'stale')),
  last_used_at INTEGER,
  baseline_commit TEXT,
  base_commit TEXT,
  user_files TEXT NOT NULL
) STRICT;
CREATE INDEX workspaces_of_task ON workspaces (task_id);

CREATE TABLE execution_processes (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  task_id TEXT NOT NULL REFERENCES tasks(id),
  created_at INTEGER NOT NULL,
  tenant_id TEXT,
  executor_type TEXT NOT NULL,
  workspace_id TEXT,
  status TEXT NOT NULL CHECK (status IN ('running', 'succeeded', 'failed', 'timed_out', 'cancelled')),
  claimed_at INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  completed_at INTEGER,
  before_commit TEXT,
  after_commit TEXT,
  input_tokens INTEGER,
  output_tokens INTEGER,
  cache_read INTEGER,
  cache_write INTEGER,
  cost_usd REAL,
  summary TEXT,
  run_reason TEXT,
  error TEXT,
  recovery_tombstone INTEGER NOT NULL CHECK (recovery_tombstone IN (0, 1)),
  lease_fence INTEGER
) STRICT;
CREATE INDEX execution_processes_of_task ON execution_processes (task_id);
CREATE INDEX execution_processes_leased ON execution_processes (lease_fence)
  WHERE status = 'running' AND lease_fence IS NOT NULL;

CREATE TABLE events (
  seq INTEGER PRIMARY KEY CHECK (seq > 0),
  previous_seq INTEGER NOT NULL CHECK (previous_seq >= 0 AND previous_seq < seq),
  id TEXT NOT NULL,
  ts INTEGER NOT NULL,
  kind TEXT NOT NULL,
  team_id TEXT,
  task_id TEXT,
  agent_id TEXT,
  runtime TEXT,
  trace_id TEXT,
  data TEXT NOT NULL,
  tenant_id TEXT
) STRICT;
CREATE TRIGGER events_keep_newest BEFORE DELETE ON events WHEN old.seq = (SELECT max(seq) FROM events)
BEGIN
  SELECT RAISE(ABORT, 'the newest event stays: the next sequence number is counted from it');
END;
)sql";

// The log is written anew rather than updated in place: that takes as many pages, leaves them full, and has the sum in
// front of the long columns.
constexpr const char* kVersion2 = R"sql(
ALTER TABLE tasks ADD COLUMN kind TEXT;
ALTER TABLE tasks ADD COLUMN lease_ms INTEGER;
ALTER TABLE tasks ADD COLUMN lease_check_at INTEGER;
ALTER TABLE tasks ADD COLUMN reserve BLOB;
CREATE INDEX tasks_leases ON tasks (lease_check_at) WHERE lease_check_at IS NOT NULL;

ALTER TABLE events RENAME TO events_of_version_1;
CREATE TABLE events (
  seq INTEGER PRIMARY KEY CHECK (seq > 0),
  previous_seq INTEGER NOT NULL CHECK (previous_seq >= 0 AND previous_seq < seq),
  log_end INTEGER NOT NULL,
  id TEXT NOT NULL,
  ts INTEGER NOT NULL,
  kind TEXT NOT NULL,
  team_id TEXT,
  task_id TEXT,
  agent_id TEXT,
  runtime TEXT,
  trace_id TEXT,
  data TEXT NOT NULL,
  tenant_id TEXT
) STRICT;
INSERT INTO events
  SELECT seq, previous_seq,
    sum(length(CAST(id AS BLOB)) + length(CAST(kind AS BLOB)) + length(CAST(data AS BLOB))
      + ifnull(length(CAST(team_id AS BLOB)), 0) + ifnull(length(CAST(task_id AS BLOB)), 0)
      + ifnull(length(CAST(agent_id AS BLOB)), 0) + ifnull(length(CAST(runtime AS BLOB)), 0)
      + ifnull(length(CAST(trace_id AS BLOB)), 0) + ifnull(length(CAST(tenant_id AS BLOB)), 0))
      OVER (ORDER BY seq ROWS UNBOUNDED PRECEDING),
    id, ts, kind, team_id, task_id, agent_id, runtime, trace_id, data, tenant_id
  FROM events_of_version_1;
DROP TABLE events_of_version_1;
CREATE TRIGGER events_keep_newest BEFORE DELETE ON events WHEN old.seq = (SELECT max(seq) FROM events)
BEGIN
  SELECT RAISE(ABORT, 'the newest event stays: the next sequence number is counted from it');
END;

CREATE TABLE team_chat (
  room_id TEXT NOT NULL,
  seq INTEGER NOT NULL CHECK (seq > 0),
  id TEXT NOT NULL,
  team_id TEXT,
  author_agent_id TEXT NOT NULL,
  body TEXT NOT NULL,
  kind TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (room_id, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE team_chat_recent (
  n INTEGER PRIMARY KEY,
  room_id TEXT NOT NULL,
  seq INTEGER NOT NULL CHECK (seq > 0),
  id TEXT NOT NULL,
  team_id TEXT,
  author_agent_id TEXT NOT NULL,
  body TEXT NOT NULL,
  kind TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE idempotency_keys (
  n INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  request TEXT NOT NULL,
  answer TEXT,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE marks (
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
)sql";

// The same rules about the statuses of tasks and executions in other words: for a list of words after IN the engine
// builds a table in memory whenever a row is written, eight allocations and a tenth of a claim. A CHECK is changed in
// the text of the schema, as SQLite's page on ALTER TABLE describes it ("making other kinds of table schema changes");
// no row is touched. Nobody else has the file open, and who does read it finds the same rule, so the schema's cookie
// stays.
constexpr const char* kVersion3 = R"sql(
PRAGMA writable_schema = ON;
UPDATE sqlite_schema
  SET sql = replace(sql,
    'status IN (''backlog'', ''todo'', ''in_progress'', ''in_review'', ''blocked'', ''done'', ''cancelled'')',
    'status = ''todo'' OR status = ''in_progress'' OR status = ''in_review'' OR status = ''blocked'' OR '
    || 'status = ''done'' OR status = ''backlog'' OR status = ''cancelled''')
  WHERE type = 'table' AND name = 'tasks';
UPDATE sqlite_schema
  SET sql = replace(sql,
    'status IN (''running'', ''succeeded'', ''failed'', ''timed_out'', ''cancelled'')',
    'status = ''running'' OR status = ''succeeded'' OR status = ''failed'' OR status = ''timed_out'' OR '
    || 'status = ''cancelled''')
  WHERE type = 'table' AND name = 'execution_processes';
PRAGMA writable_schema = RESET;
)sql";

constexpr std::array kMigrations = {kVersion1, kVersion2, kVersion3};

}  // namespace

Migrations migrations() { return kMigrations; }

}  // namespace baton::store::sqlite
