// A board's database, opened as the daemon opens it, without the daemon: same file, same settings, same statements.
//
// What goes wrong here ends the program with a sentence: a benchmark has nothing to save.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>

#include <fmt/format.h>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "store/sqlite/backend.hpp"

namespace baton::bench {

template <class T>
T must(Result<T> result) {
  if (result) return *std::move(result);
  fmt::print(stderr, "baton-bench: {}\n", result.error().what);
  std::exit(EXIT_FAILURE);
}

class Database {
 public:
  explicit Database(const std::filesystem::path& file)
      : backend_(must(store::sqlite::open_backend(file, std::make_unique<UuidSource>()))) {}

  // One transaction: begin, `work(Tx&)`, commit.
  template <class Work>
  void transact(Work&& work) {
    work(*must(backend_->begin(clock_.unix_ms())));
    if (const Error* failed = backend_->failure()) must(Result<Unit>(tl::unexpected<Error>(*failed)));
    must(backend_->commit());
  }

  // `work(Tx&, i)` for each i below `count`, `group` of them per transaction.
  template <class Work>
  void transact_in_groups(std::uint64_t count, std::uint64_t group, Work&& work) {
    for (std::uint64_t first = 0; first < count; first += group) {
      transact([&](store::Tx& tx) {
        for (std::uint64_t i = first; i < count && i < first + group; ++i) work(tx, i);
      });
    }
  }

 private:
  SystemClock clock_;
  std::unique_ptr<store::sqlite::SqliteBackend> backend_;
};

}  // namespace baton::bench
