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
  explicit SqliteReader(std::unique_ptr<Connection> connection)
      : connection_(std::move(connection)),
        begin_(*connection_, "BEGIN"),
        end_(*connection_, "END"),
        tables_(*connection_) {}

 private:
  // BEGIN only marks the place; the snapshot is taken by the first statement that reads.
  View begin() override {
    require(!is_open_, "store: a read inside a read");
    is_open_ = true;
    connection_->forget_failure();
    begin_.run().finish();
    return tables_.view();
  }

  Result<Unit> end() override {
    is_open_ = false;
    Result<Unit> answer = Unit{};
    if (const Error* failed = connection_->failure()) answer = fail(*failed);
    connection_->forget_failure();
    if (connection_->in_transaction()) end_.run().finish();
    return answer;
  }

  std::unique_ptr<Connection> connection_;
  Statement begin_;
  Statement end_;
  Tables tables_;
  bool is_open_ = false;
};

}  // namespace

Result<std::unique_ptr<Reader>> open_reader(const std::filesystem::path& file) {
  auto connection = Connection::open(file, Connection::Mode::kReadOnly);
  if (!connection) return fail(connection);
  if (auto set = (*connection)->execute(kSettings); !set) return fail(set);
  return std::make_unique<SqliteReader>(std::move(*connection));
}

}  // namespace baton::store::sqlite
