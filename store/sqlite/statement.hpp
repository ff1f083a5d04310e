// A prepared statement that is kept, and one execution of it.
//
//   auto run = find_.run(id);             // binds in the order of the question marks
//   while (run.next()) { ... run.columns() ... }
//
// A row type says its columns once, in a function `each_column(row, visit)`; Binder and Columns are the two visitors,
// so that what is written and what is read cannot come to differ in order.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/ids.hpp"
#include "store/rows.hpp"
#include "store/sqlite/connection.hpp"

struct sqlite3_stmt;

namespace baton::store::sqlite {

// Binds one value after the other. Text is not copied: it must live until the run has ended.
class Binder {
 public:
  explicit Binder(sqlite3_stmt* statement) : statement_(statement) {}

  template <std::integral Number>
  void operator()(Number number) {
    bind_integer(static_cast<std::int64_t>(number));
  }
  void operator()(double number);
  void operator()(std::string_view text);
  void operator()(const std::string& text) { (*this)(std::string_view(text)); }
  template <class Tag>
  void operator()(const Id<Tag>& id) {
    (*this)(std::string_view(id.value));
  }
  template <class Status>
  requires std::is_enum_v<Status>
  void operator()(Status status) { (*this)(to_text(status)); }
  template <class T>
  void operator()(const std::optional<T>& maybe) {
    if (maybe) return (*this)(*maybe);
    bind_null();
  }

  int code() const { return code_; }  // the first that was not SQLITE_OK

 private:
  void bind_integer(std::int64_t number);
  void bind_null();
  void note(int code);

  sqlite3_stmt* statement_;
  int position_ = 0;
  int code_ = 0;
};

// Reads one column of the current row after the other.
class Columns {
 public:
  Columns(Connection& connection, sqlite3_stmt* statement, int first)
      : connection_(connection), statement_(statement), position_(first) {}

  void operator()(std::int64_t& number);
  void operator()(double& number);
  void operator()(bool& truth);
  void operator()(std::string& text);
  void operator()(TaskStatus& status) { read_status(status, task_status_from(next_text())); }
  void operator()(ExecutionStatus& status) { read_status(status, execution_status_from(next_text())); }
  void operator()(WorkspaceStatus& status) { read_status(status, workspace_status_from(next_text())); }
  template <class Tag>
  void operator()(Id<Tag>& id) {
    (*this)(id.value);
  }
  template <class T>
  void operator()(std::optional<T>& maybe) {
    if (is_null()) {
      maybe.reset();
      ++position_;
    } else {
      (*this)(maybe.emplace());
    }
  }

 private:
  template <class Status>
  void read_status(Status& status, std::optional<Status> found) {
    if (found) status = *found;
    if (!found) note_unknown_status();
  }
  bool is_null() const;
  std::string_view next_text();
  void note_unknown_status();

  Connection& connection_;
  sqlite3_stmt* statement_;
  int position_;
};

// One execution. Ends with its object, which frees the statement for the next one.
class Run {
 public:
  // `statement` is null when the connection has failed: then there is nothing to find.
  Run(Connection& connection, sqlite3_stmt* statement) : connection_(connection), statement_(statement) {}
  ~Run();
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  // Goes to the next row; false when there is none, or on a failure, which the connection keeps.
  bool next();
  // Goes on to the end, and tells how many rows the statement changed.
  int finish();

  // Of the current row.
  bool is_null(int column) const;
  std::int64_t integer(int column) const;
  std::string_view text(int column) const;  // until next()
  Columns columns(int first = 0) const { return {connection_, statement_, first}; }

 private:
  Connection& connection_;
  sqlite3_stmt* statement_;
};

// Prepared at its first use.
class Statement {
 public:
  Statement(Connection& connection, std::string sql) : connection_(connection), sql_(std::move(sql)) {}
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  template <class... Values>
  Run run(Values&&... values) {
    static_assert(((std::is_lvalue_reference_v<Values> || std::is_trivially_destructible_v<Values>)&&...),
                  "text is not copied: a temporary would die before the run");
    return run_with([&](Binder& bind) { (bind(values), ...); });
  }

  // `bind_all(Binder&)` gives the values. What it binds must live as long as the run.
  template <class BindAll>
  Run run_with(const BindAll& bind_all) {
    if (!is_ready()) return Run(connection_, nullptr);
    Binder bind(statement_);
    bind_all(bind);
    return started(bind.code());
  }

 private:
  bool is_ready();
  Run started(int code);

  Connection& connection_;
  std::string sql_;
  sqlite3_stmt* statement_ = nullptr;
};

}  // namespace baton::store::sqlite
