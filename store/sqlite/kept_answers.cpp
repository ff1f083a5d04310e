#include "store/sqlite/kept_answers.hpp"

#include <fmt/format.h>

namespace baton::store::sqlite {
namespace {

constexpr const char* kColumns = "key, request, answer, created_at";

template <class Row, class Visit>
void each_column(Row& kept, Visit&& visit) {
  visit(kept.key);
  visit(kept.request);
  visit(kept.answer);
  visit(kept.created_at);
}

}  // namespace

// The oldest are those with the lowest `n`, which needs no index over the time. The look at them is bounded too: when
// nothing is old it sees `limit` rows, not all.
KeptAnswers::KeptAnswers(Connection& connection)
    : connection_(connection),
      find_(connection, fmt::format("SELECT {} FROM idempotency_keys WHERE key = ?", kColumns)),
      insert_(connection, fmt::format("INSERT INTO idempotency_keys ({}) VALUES (?, ?, ?, ?)", kColumns)),
      save_(connection, "UPDATE idempotency_keys SET answer = ? WHERE key = ?"),
      erase_(connection, "DELETE FROM idempotency_keys WHERE key = ?"),
      prune_(connection,
             "DELETE FROM idempotency_keys WHERE n IN ("
             "  SELECT n FROM (SELECT n, created_at FROM idempotency_keys ORDER BY n LIMIT ?) WHERE created_at < ?)") {}

std::optional<KeptAnswer> KeptAnswers::find(const std::string& key) const {
  auto run = find_.run(key);
  if (!run.next()) return std::nullopt;
  KeptAnswer kept;
  each_column(kept, run.columns());
  return kept;
}

void KeptAnswers::insert(const KeptAnswer& row) {
  insert_.run_with([&](Binder& bind) { each_column(row, bind); }).finish();
}

void KeptAnswers::save(const KeptAnswer& row) {
  if (save_.run(row.answer, row.key).finish() == 0) {
    connection_.note_failure({Errc::kInternal, "an idempotency key is not there to be answered"});
  }
}

void KeptAnswers::erase(const std::string& key) { erase_.run(key).finish(); }

std::size_t KeptAnswers::prune(std::int64_t before_ms, std::size_t limit) {
  return static_cast<std::size_t>(prune_.run(limit, before_ms).finish());
}

}  // namespace baton::store::sqlite
