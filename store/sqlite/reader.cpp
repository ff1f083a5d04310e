#include "store/sqlite/reader.hpp"

#include <utility>

#include "base/bug.hpp"
#include "store/sqlite/tables.hpp"

namespace baton::store::sqlite {
namespace {

// How long the reactor may wait for a lock. In WAL mode nobody of ours holds one against readers; this is for a moment
// in which another program repairs the log.
constexpr const char* kSettings = "PRAGMA query_only = ON; PRAGMA busy_timeout = 100; PRAGMA cache_size = -16384";

class SqliteReader final : public Reader {
 public:
  SqliteReader(std::unique_ptr<Connection> connection, const CommitCount* commits)
      : connection_(std::move(connection)),
        commits_(commits),
        begin_(*connection_, "BEGIN"),
        end_(*connection_, "END"),
        tables_(*connection_) {}

  void share(std::function<void()> taken) override {
    require(commits_ != nullptr, "store: who shares snapshots must know when they are old");
    taken_ = std::move(taken);
  }

  void let_go() override {
    require(!is_open_, "store: a snapshot let go inside a read");
    is_told_ = false;
    leave();
  }

  std::optional<std::uint64_t> state() const override {
    require(commits_ != nullptr, "store: commits are not counted for this reader");
    const auto count = commits_->load();
    return count % 2 == 0 ? std::optional(count) : std::nullopt;
  }

 private:
  View begin() override {
    require(!is_open_, "store: a read inside a read");
    is_open_ = true;
    connection_->forget_failure();
    if (is_old()) leave();
    if (!connection_->in_transaction()) enter();
    return tables_.view();
  }

  Result<Unit> end() override {
    is_open_ = false;
    Result<Unit> answer = Unit{};
    if (const Error* failed = connection_->failure()) answer = fail(*failed);
    if (!answer || !taken_) leave();
    return answer;
  }

  // BEGIN only marks the place; the snapshot is taken by the first statement that reads, so it may be younger than the
  // count says, never older.
  void enter() {
    if (commits_ != nullptr) seen_commits_ = done();
    begin_.run().finish();
    if (taken_ && !std::exchange(is_told_, true)) taken_();
  }

  void leave() {
    connection_->forget_failure();
    if (connection_->in_transaction()) end_.run().finish();
  }

  bool is_old() const { return commits_ != nullptr && done() != seen_commits_; }
  std::uint64_t done() const { return commits_->load() / 2; }

  std::unique_ptr<Connection> connection_;
  const CommitCount* commits_;
  std::uint64_t seen_commits_ = 0;
  std::function<void()> taken_;  // empty: a snapshot is one read's
  Statement begin_;
  Statement end_;
  Tables tables_;
  bool is_open_ = false;
  bool is_told_ = false;  // taken_ was called, and let_go() has not come yet
};

}  // namespace

Result<std::unique_ptr<Reader>> open_reader(const std::filesystem::path& file, const CommitCount* commits) {
  auto connection = Connection::open(file, Connection::Mode::kReadOnly);
  if (!connection) return fail(connection);
  if (auto set = (*connection)->execute(kSettings); !set) return fail(set);
  return std::make_unique<SqliteReader>(std::move(*connection), commits);
}

}  // namespace baton::store::sqlite
