// The door to the board: scripts go to the store's writer and are answered after their commit, queries are answered at
// once.
//
//   board.write([request](store::Tx& tx) { return claim(tx, request); },
//               [responder = std::move(responder)](Result<store::Task> task) mutable { ... });
//   Result<TaskDetail> detail = board.read([&](const store::View& view) { return read_task(view, id); });
#pragma once

#include <cstdint>
#include <optional>
#include <utility>

#include "store/reader.hpp"
#include "store/writer.hpp"

namespace baton::board {

class Board {
 public:
  // Both must outlive the board and everything that was written through it.
  Board(store::Writer& writer, store::Reader& reader) : writer_(writer), reader_(reader) {}

  // Runs `script(store::Tx&) -> Result<T>` on the store's thread: it must own what it uses. `done(Result<T>)` is called
  // on the reactor after the commit.
  template <class Script, class Done>
  void write(Script script, Done done) {
    writer_.submit(std::move(script), std::move(done));
  }

  // For what reads the log by itself (events/query.hpp).
  store::Reader& reader() { return reader_; }

  // A number of what the board shows; nothing while that changes (store/reader.hpp).
  std::optional<std::uint64_t> state() const { return reader_.state(); }

  template <class Query>
  auto read(Query query) {
    return reader_.read(std::move(query));
  }

 private:
  store::Writer& writer_;
  store::Reader& reader_;
};

}  // namespace baton::board
