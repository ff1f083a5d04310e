// Writes a file some time after it has changed, by a child, so that nothing waits for the disk. It is the older or the
// newer state, whole, at any moment.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "process/child.hpp"
#include "process/keeper.hpp"
#include "process/ledger.hpp"
#include "reactor/event.hpp"
#include "reactor/loop.hpp"
#include "reactor/task.hpp"
#include "reactor/timer.hpp"

namespace baton::plugin {

class StoreWriter {
 public:
  struct Place {
    reactor::Loop& loop;
    process::Ledger* ledger;  // may be null (tests)
    std::filesystem::path file;
    std::function<std::shared_ptr<process::Cell>()> open_cell;  // for each child; may give null
  };
  // `content` gives what is to be written; it outlives the writer.
  StoreWriter(Place place, std::function<std::string()> content);
  StoreWriter(const StoreWriter&) = delete;
  StoreWriter& operator=(const StoreWriter&) = delete;

  // It will be written within about a second; after a failure it is tried again. Once flush() has begun it is written
  // by that one, and not at all after its end.
  void changed();

  // Ends when everything is written, or could not be: then that was logged. The last use: an instance that is kept
  // must not write over the store of its successor.
  reactor::Task<> flush();

 private:
  void write();
  Result<Unit> start_child();
  void child_ended(const process::Exit& exit);
  void written(Result<Unit> result);

  Place place_;
  std::function<std::string()> content_;
  bool changed_ = false, writing_ = false, failed_ = false, flushed_ = false;
  std::string complaint_;  // of the child
  std::unique_ptr<process::Child> child_;
  std::optional<reactor::Deadline> soon_, limit_;
  reactor::Event idle_;
};

}  // namespace baton::plugin
