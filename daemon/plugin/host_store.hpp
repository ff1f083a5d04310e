// The memory of one instance: baton.store/1. Read from memory, written behind (store_writer.hpp).
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>

#include "baton/ext/store.h"
#include "plugin/store_file.hpp"
#include "plugin/store_writer.hpp"
#include "reactor/task.hpp"

namespace baton::plugin {

class Instance;

class HostStore {
 public:
  explicit HostStore(Instance& instance) : instance_(instance) {}

  // Before the first call. An empty path: nothing outlives the instance. Touches the disk: for the start.
  void load(const std::filesystem::path& file);
  reactor::Task<> flush();

  baton_status get(baton_str key, baton_str* out);
  baton_status put(baton_str key, baton_str value);
  baton_status erase(baton_str key);

  std::size_t keys() const { return content_.size(); }
  std::size_t bytes() const { return bytes_; }

 private:
  baton_status invalid(const char* why);
  void changed();

  Instance& instance_;
  StoreContent content_;
  std::size_t bytes_ = 0;
  std::optional<StoreWriter> writer_;
};

}  // namespace baton::plugin
