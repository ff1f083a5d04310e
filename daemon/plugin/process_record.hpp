// One process of a plugin, from spawn to its last callback: turns what the child says into the plugin's calls.
//
// It is kept alive by the call that runs through it, because the plugin may close its process inside any callback.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>

#include "baton/ext/process.h"
#include "plugin/children.hpp"
#include "plugin/line_splitter.hpp"
#include "process/child.hpp"

namespace baton::plugin {

class Instance;

class ProcessRecord : public std::enable_shared_from_this<ProcessRecord> {
 public:
  ProcessRecord(Instance& instance, const baton_spawn& request, const baton_process_events& events, void* user);

  baton_run owner() const { return owner_; }
  RunningChild& child() { return *child_; }
  void set_handle(baton_process handle) { handle_ = handle; }
  void set_child(std::unique_ptr<RunningChild> child) { child_ = std::move(child); }

  // The calls for the child; they do nothing once the record is gone. Once.
  process::Child::Events events();
  // Expires when the child is reaped.
  std::weak_ptr<const void> token() const { return token_; }

  // Not read while one of the two says so.
  void pause(bool paused);  // by the plugin
  void hold(bool held);     // by the consumer of its run
  void close();             // silence, and the end of the child

 private:
  bool deliver(std::uint32_t stream, std::string_view bytes, std::uint32_t cut);
  void take_output(process::Stream stream, std::string_view bytes);
  void take_drain();
  void take_exit(const process::Exit& exit);

  Instance& instance_;
  baton_run owner_;
  baton_process_events events_;
  void* user_;
  std::array<bool, 2> lines_;
  std::array<LineSplitter, 2> splitters_;
  baton_process handle_{};
  bool closed_ = false;
  bool paused_ = false, held_ = false;
  std::weak_ptr<const void> token_;
  std::unique_ptr<RunningChild> child_;
};

}  // namespace baton::plugin
