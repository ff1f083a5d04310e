// Small files for one instance: baton.files/1. The work is done in a later turn, on the reactor: at most 1 MiB on a
// local disk, unsynced, takes about a millisecond. What takes longer is a child process's business.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "baton/ext/files.h"
#include "plugin/closing.hpp"
#include "plugin/handle_table.hpp"

namespace baton::plugin {

class Instance;

class HostFiles {
 public:
  explicit HostFiles(Instance& instance) : instance_(instance) {}

  // Who asks, and how it is told.
  struct Caller {
    baton_run run;
    baton_file_done done;
    void* user;
    baton_file_op* out;
  };
  baton_status read(const Caller& caller, baton_str path, std::uint64_t max);
  baton_status write(const Caller& caller, baton_str path, baton_str bytes, std::uint32_t mode);
  baton_status copy_in(const Caller& caller, baton_str user_file, baton_str path, bool only_newer);
  baton_status close(baton_file_op op);

  void close_of(baton_run owner);
  void close_all();
  std::size_t alive() const { return records_.size(); }

 private:
  struct Record;
  using Work = std::function<Result<std::string>()>;
  // The directory for `caller`, after what all three functions check.
  baton_status directory_for(const Caller& caller, baton_str path, std::string& root);
  baton_status begin(const Caller& caller, Work work);

  Instance& instance_;
  static constexpr std::size_t kAtOnce = 64;  // per instance, closed ones until their turn has come too
  HandleTable<std::shared_ptr<Record>> records_{kAtOnce};
  Closing closing_;
};

}  // namespace baton::plugin
