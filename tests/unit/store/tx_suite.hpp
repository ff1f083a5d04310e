// The conformance suite of store::Tx: the same tests for every backend. A test file of the suite begins with
// BATON_TX_SUITE(TxTasks) and goes on with TEST_P(TxTasks, ...); a new backend is one more line in `backends()`.
#pragma once

#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/backend.hpp"
#include "tests/unit/store/support.hpp"

namespace baton::store::testing {

struct BackendKind {
  std::string_view name;
  std::unique_ptr<Backend> (*open)(const test::TempDir&);
};

inline void PrintTo(const BackendKind& kind, std::ostream* out) { *out << kind.name; }

inline std::vector<BackendKind> backends() {
  return {{"sqlite",
           [](const test::TempDir& folder) -> std::unique_ptr<Backend> { return open_backend(folder / "board.db"); }}};
}

class TxSuite : public ::testing::TestWithParam<BackendKind> {
 protected:
  Backend& backend() { return *backend_; }

  // Runs `script(Tx&)` as the only one of its group and commits.
  template <class Script>
  void commit(Script script) {
    auto tx = backend_->begin(kNow);
    ASSERT_TRUE(tx.has_value()) << tx.error().what;
    ASSERT_TRUE(backend_->save_point().has_value());
    script(**tx);
    ASSERT_EQ(backend_->failure(), nullptr) << backend_->failure()->what;
    ASSERT_TRUE(backend_->commit().has_value());
  }

  // The failure of the disk or the database that `script` runs into; nothing of it stays.
  template <class Script>
  std::optional<Error> failure_of(Script script) {
    auto tx = backend_->begin(kNow);
    require(tx.has_value() && backend_->save_point().has_value(), "no transaction");
    script(**tx);
    std::optional<Error> found;
    if (const Error* failure = backend_->failure()) found = *failure;
    backend_->roll_back();
    return found;
  }

  void insert(const std::vector<Task>& tasks) {
    commit([&](Tx& tx) {
      for (const Task& task : tasks) tx.tasks.insert(task);
    });
  }

  static constexpr std::int64_t kNow = 1'000;

 private:
  test::TempDir folder_;
  std::unique_ptr<Backend> backend_ = GetParam().open(folder_);
};

template <class Row>
std::vector<std::string> ids_of(const std::vector<Row>& rows) {
  std::vector<std::string> ids;
  for (const Row& row : rows) ids.push_back(row.id.value);
  return ids;
}

#define BATON_TX_SUITE(suite)                                                                     \
  class suite : public TxSuite {};                                                                \
  INSTANTIATE_TEST_SUITE_P(Each, suite, ::testing::ValuesIn(::baton::store::testing::backends()), \
                           [](const auto& kind) { return std::string(kind.param.name); })

}  // namespace baton::store::testing
