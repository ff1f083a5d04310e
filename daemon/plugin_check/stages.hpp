// Hosts that are less, or more, than the plugin hopes for: what stands between it and the real tables.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "plugin/surroundings.hpp"
#include "plugin_check/guarded_memory.hpp"

namespace baton::plugin_check {

inline constexpr std::string_view kCoreTable = "core";  // the name of the host table itself, which has no id

// How long a host of minor `minor` promises a table to be; 0: it has no such table.
std::size_t promised_size(std::string_view id, std::uint32_t minor);

// Has not these tables.
class HidingStage final : public plugin::Stage {
 public:
  explicit HidingStage(std::set<std::string, std::less<>> hidden) : hidden_(std::move(hidden)) {}
  const void* table(std::string_view id, const void* real) override { return hidden_.contains(id) ? nullptr : real; }

 private:
  std::set<std::string, std::less<>> hidden_;
};

// Has one table, or the core, in another length: cut to what a minor promises, with forbidden memory behind it; or
// longer than anybody knows, its further slots leading into an abort.
class ResizedStage final : public plugin::Stage {
 public:
  static ResizedStage cut(std::string id, std::uint32_t minor) { return {std::move(id), minor, 0}; }
  static ResizedStage longer(std::string id) { return {std::move(id), 0, 64 * sizeof(void*)}; }
  const baton_host* host(const baton_host& real) override;
  const void* table(std::string_view id, const void* real) override;

 private:
  ResizedStage(std::string id, std::uint32_t minor, std::size_t more)
      : id_(std::move(id)), minor_(minor), more_(more) {}
  const void* resized(const void* real);

  std::string id_;
  std::uint32_t minor_;
  std::size_t more_;
  std::map<const void*, std::unique_ptr<GuardedMemory>> made_;  // by the real table
};

// One function of a host's table, and how it can fail.
struct Service {
  std::string_view table, name;
  std::span<const baton_status> errors;  // as its header says
  bool begins = false;  // what it begins has a last callback: after an error none comes, and the plugin must go on
  void (*replace)(void* table);  // in a copy of the table
};
std::span<const Service> services();

// Has one function that only ever answers one error. One at a time in a process, for such a function has no memory.
class FailingStage final : public plugin::Stage {
 public:
  FailingStage(const Service& service, baton_status answer);
  const baton_host* host(const baton_host& real) override;
  const void* table(std::string_view id, const void* real) override;
  std::size_t calls() const;  // how often it was called

 private:
  const void* with_failure(const void* real);

  const Service& service_;
  std::map<const void*, std::string> made_;  // by the real table
};

}  // namespace baton::plugin_check
