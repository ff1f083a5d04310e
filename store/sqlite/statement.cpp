#include "store/sqlite/statement.hpp"

#include <sqlite3.h>

#include <fmt/format.h>

#include "base/bug.hpp"

namespace baton::store::sqlite {
namespace {

std::string_view text_at(sqlite3_stmt* statement, int column) {
  const auto* bytes = reinterpret_cast<const char*>(::sqlite3_column_text(statement, column));
  if (bytes == nullptr) return {};
  return {bytes, static_cast<std::size_t>(::sqlite3_column_bytes(statement, column))};
}

}  // namespace

void Binder::note(int code) {
  if (code_ == SQLITE_OK) code_ = code;
}

void Binder::bind_integer(std::int64_t number) { note(::sqlite3_bind_int64(statement_, ++position_, number)); }

void Binder::bind_null() { note(::sqlite3_bind_null(statement_, ++position_)); }

void Binder::operator()(double number) { note(::sqlite3_bind_double(statement_, ++position_, number)); }

void Binder::operator()(std::string_view text) {
  const char* bytes = text.data() == nullptr ? "" : text.data();  // a null pointer would bind NULL
  note(::sqlite3_bind_text64(statement_, ++position_, bytes, text.size(), SQLITE_STATIC, SQLITE_UTF8));
}

void Columns::operator()(std::int64_t& number) { number = ::sqlite3_column_int64(statement_, position_++); }

void Columns::operator()(double& number) { number = ::sqlite3_column_double(statement_, position_++); }

void Columns::operator()(bool& truth) { truth = ::sqlite3_column_int64(statement_, position_++) != 0; }

void Columns::operator()(std::string& text) { text = next_text(); }

bool Columns::is_null() const { return ::sqlite3_column_type(statement_, position_) == SQLITE_NULL; }

std::string_view Columns::next_text() { return text_at(statement_, position_++); }

void Columns::note_unknown_status() {
  const auto word = text_at(statement_, position_ - 1);
  connection_.note_failure(
      {Errc::kIo, fmt::format("{}: a row has the unknown status '{}'", connection_.file(), word), "database_damaged"});
}

Run::~Run() {
  if (statement_ != nullptr) ::sqlite3_reset(statement_);
}

bool Run::next() {
  if (statement_ == nullptr || connection_.failure() != nullptr) return false;
  const int code = ::sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) connection_.note_failure(code);
  ::sqlite3_reset(statement_);  // ends it now: a further step would begin it anew
  statement_ = nullptr;
  return false;
}

int Run::finish() {
  while (next()) {
  }
  return connection_.failure() == nullptr ? ::sqlite3_changes(connection_.handle()) : 0;
}

bool Run::is_null(int column) const { return ::sqlite3_column_type(statement_, column) == SQLITE_NULL; }

std::int64_t Run::integer(int column) const { return ::sqlite3_column_int64(statement_, column); }

std::string_view Run::text(int column) const { return text_at(statement_, column); }

Statement::~Statement() { ::sqlite3_finalize(statement_); }

bool Statement::is_ready() {
  if (connection_.failure() != nullptr) return false;
  if (statement_ != nullptr) {
    require(::sqlite3_stmt_busy(statement_) == 0, "sqlite: a statement is run inside its own run");
    return true;
  }
  const int code = ::sqlite3_prepare_v3(connection_.handle(), sql_.c_str(), static_cast<int>(sql_.size()) + 1,
                                        SQLITE_PREPARE_PERSISTENT, &statement_, nullptr);
  if (code != SQLITE_OK) connection_.note_failure(code);
  return code == SQLITE_OK;
}

Run Statement::started(int code) {
  if (code == SQLITE_OK) return Run(connection_, statement_);
  connection_.note_failure(code);
  return Run(connection_, nullptr);
}

}  // namespace baton::store::sqlite
