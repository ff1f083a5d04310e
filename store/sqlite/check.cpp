#include "store/sqlite/check.hpp"

#include <array>

#include <fmt/format.h>

#include "store/sqlite/statement.hpp"

namespace baton::store::sqlite {
namespace {

// A query for the rows that break the rule, one sentence for each.
struct Rule {
  std::int64_t since;  // schema version
  const char* broken;
};

constexpr std::array kRules = {
    Rule{1, R"sql(
SELECT printf('task %s counts %d blockers that are not done, it has %d', id, unmet_blockers, has)
FROM (SELECT id, unmet_blockers, (SELECT count(*) FROM task_deps JOIN tasks AS blocker ON blocker.id = depends_on_task_id
                                  WHERE task_id = tasks.id AND blocker.status <> 'done') AS has FROM tasks)
WHERE unmet_blockers <> has)sql"},
    Rule{1, R"sql(
SELECT printf('task %s is todo and has the owner %s', id, assignee_agent_id)
FROM tasks WHERE status = 'todo' AND assignee_agent_id IS NOT NULL)sql"},
    Rule{1, R"sql(
SELECT printf('task %s has the owner %s and no fence', id, assignee_agent_id)
FROM tasks WHERE assignee_agent_id IS NOT NULL AND fence = 0)sql"},
    Rule{1, R"sql(
SELECT printf('execution %s holds fence %d of task %s, which is at %d', e.id, lease_fence, task_id, fence)
FROM execution_processes AS e JOIN tasks ON tasks.id = task_id WHERE lease_fence > fence)sql"},
    Rule{1, R"sql(
SELECT printf('event %d follows event %d in the log', seq, before)
FROM (SELECT seq, lag(seq) OVER (ORDER BY seq) AS before FROM events) WHERE before <> seq - 1)sql"},
    // The first of a task's events that are left may follow one that was pruned.
    Rule{1, R"sql(
SELECT printf('event %d of task %s names event %d as the one before it, not %d', seq, task_id, previous_seq, before)
FROM (SELECT seq, task_id, previous_seq, ifnull(lag(seq) OVER (PARTITION BY task_id ORDER BY seq), 0) AS before
      FROM events WHERE task_id IN (SELECT id FROM tasks))
WHERE before <> iif(previous_seq < (SELECT min(seq) FROM events), 0, previous_seq))sql"},
    Rule{1, R"sql(
SELECT printf('task %s names event %d as its newest, not %d', id, last_event_seq, ifnull(newest, 0))
FROM tasks LEFT JOIN (SELECT task_id, max(seq) AS newest FROM events GROUP BY task_id) ON task_id = id
WHERE last_event_seq <> ifnull(newest, 0)
  AND (newest IS NOT NULL OR last_event_seq >= (SELECT ifnull(min(seq), 1) FROM events)))sql"},
    Rule{2, R"sql(
SELECT printf('event %d holds %d bytes, the log grows by %d there', seq, bytes, log_end - before)
FROM (SELECT seq, log_end, lag(log_end) OVER (ORDER BY seq) AS before,
        length(CAST(id AS BLOB)) + length(CAST(kind AS BLOB)) + length(CAST(data AS BLOB))
        + ifnull(length(CAST(team_id AS BLOB)), 0) + ifnull(length(CAST(task_id AS BLOB)), 0)
        + ifnull(length(CAST(agent_id AS BLOB)), 0) + ifnull(length(CAST(runtime AS BLOB)), 0)
        + ifnull(length(CAST(trace_id AS BLOB)), 0) + ifnull(length(CAST(tenant_id AS BLOB)), 0) AS bytes FROM events)
WHERE log_end - before <> bytes)sql"},
    Rule{2, R"sql(
SELECT printf('post %d follows post %d in room %s', seq, before, room_id)
FROM (SELECT room_id, seq, lag(seq) OVER (PARTITION BY room_id ORDER BY seq) AS before
      FROM (SELECT room_id, seq FROM team_chat UNION ALL SELECT room_id, seq FROM team_chat_recent))
WHERE before <> seq - 1)sql"},
};

// Adds what `sql` finds, up to `limit` in all.
Result<Unit> gather(Connection& connection, const std::string& sql, std::size_t limit,
                    std::vector<std::string>& found) {
  Statement statement(connection, sql);
  for (auto run = statement.run(); found.size() < limit && run.next();) found.emplace_back(run.text(0));
  Result<Unit> answer = Unit{};
  if (const Error* failed = connection.failure()) answer = fail(*failed);
  connection.forget_failure();
  return answer;
}

}  // namespace

Result<BackupFacts> facts_of(Connection& connection) {
  BackupFacts facts;
  const auto read = [&](const char* sql, std::int64_t& into) {
    auto number = connection.integer(sql);
    if (number) into = *number;
    return number;
  };
  using Fact = std::pair<const char*, std::int64_t*>;
  for (const auto& [sql, into] : {
           Fact{"PRAGMA user_version", &facts.schema_version},
           Fact{"SELECT page_count * page_size FROM pragma_page_count, pragma_page_size", &facts.bytes},
           Fact{"SELECT count(*) FROM tasks", &facts.tasks},
           Fact{"SELECT ifnull(max(seq), 0) FROM events", &facts.last_event},
       }) {
    if (auto done = read(sql, *into); !done) return fail(done);
  }
  return facts;
}

Result<std::vector<std::string>> damages_of(Connection& connection, std::size_t limit) {
  std::vector<std::string> found;
  const auto lines = fmt::format(
      "SELECT replace(replace(integrity_check, '*** in database main ***' || char(10), ''), char(10), '; ') "
      "FROM pragma_integrity_check({}) WHERE integrity_check <> 'ok'",
      limit);
  if (auto gathered = gather(connection, lines, limit, found); !gathered) {
    if (gathered.error().reason != "database_damaged") return fail(gathered);
    found.push_back(gathered.error().what);
  }
  if (!found.empty()) return found;
  constexpr const char* kReferences =
      "SELECT printf('row %d of %s refers to a row of %s that is not there', rowid, \"table\", parent) "
      "FROM pragma_foreign_key_check";
  if (auto gathered = gather(connection, kReferences, limit, found); !gathered) return fail(gathered);
  return found;
}

Result<std::vector<std::string>> broken_rules_of(Connection& connection, std::size_t limit) {
  auto version = connection.integer("PRAGMA user_version");
  if (!version) return fail(version);
  std::vector<std::string> found;
  for (const Rule& rule : kRules) {
    if (rule.since > *version) continue;
    if (auto gathered = gather(connection, rule.broken, limit, found); !gathered) return fail(gathered);
  }
  return found;
}

}  // namespace baton::store::sqlite
