// Group host: the same plugin on hosts that are older, newer, poorer, or in trouble.
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "plugin/call_gate.hpp"
#include "plugin_check/check.hpp"
#include "plugin_check/stages.hpp"
#include "plugin_check/trial.hpp"

namespace baton::plugin_check {
namespace {

constexpr std::size_t kRefusedWrites = 2;

// What the plugin does on the daemon's own host, for comparison. The finding (kSkip): it does not even live there.
tl::expected<Trial, Finding> usual_life(const Subject& subject) {
  Trial trial = try_life(subject, nullptr);
  if (!trial.loaded) return tl::unexpected(skip(trial.refusal));
  if (!trial.created) return tl::unexpected(skip("no instance: " + trial.refusal));
  if (!trial.rested) return tl::unexpected(skip("it does not come to rest: see quiesce-with-runs"));
  return trial;
}

// How life on another host differs from the usual one, in a way that it must not.
std::optional<std::string> difference(const Trial& usual, const Trial& other) {
  if (!other.created) return "create fails: " + other.refusal;
  if (other.how != usual.how) return fmt::format("a run ends as \"{}\" instead of \"{}\"", other.how, usual.how);
  if (!other.rested) return "it does not come to rest";
  if (other.broken != usual.broken) return "it breaks a rule: " + other.broken;
  return std::nullopt;
}

// The core and the tables that it may use.
std::vector<std::string> tables_of(const plugin::Manifest& manifest) {
  std::vector<std::string> all{std::string(kCoreTable)};
  all.insert(all.end(), manifest.needs.begin(), manifest.needs.end());
  all.insert(all.end(), manifest.wants.begin(), manifest.wants.end());
  return all;
}

Finding host_table_cut(const Subject& subject) {
  const auto usual = usual_life(subject);
  if (!usual) return usual.error();
  const auto manifest = accepted_library(subject)->manifest;
  for (const auto& id : tables_of(manifest)) {
    doing(subject, fmt::format("the table {} ends where ABI 1.{} lets it end", id, manifest.abi_minor_needed));
    auto stage = ResizedStage::cut(id, manifest.abi_minor_needed);
    if (const auto wrong = difference(*usual, try_life(subject, &stage)))
      return fault(fmt::format("with {} as short as ABI 1.{} has it, {}", id, manifest.abi_minor_needed, *wrong));
  }
  return pass();
}

Finding host_table_longer(const Subject& subject) {
  const auto usual = usual_life(subject);
  if (!usual) return usual.error();
  for (const auto& id : tables_of(accepted_library(subject)->manifest)) {
    doing(subject, fmt::format("the table {} is longer than anybody knows", id));
    auto stage = ResizedStage::longer(id);
    if (const auto wrong = difference(*usual, try_life(subject, &stage)))
      return fault(fmt::format("with a longer table {}, {}", id, *wrong));
  }
  return pass();
}

Finding missing_want(const Subject& subject) {
  const auto usual = usual_life(subject);
  if (!usual) return usual.error();
  const auto manifest = accepted_library(subject)->manifest;
  for (const auto& want : manifest.wants) {
    doing(subject, fmt::format("the host has no {}", want));
    HidingStage stage({want});
    const Trial trial = try_life(subject, &stage);
    if (!trial.created) return fault(fmt::format("without {}, create fails: {}", want, trial.refusal));
    if (usual->ended && !trial.ended) return fault(fmt::format("without {}, a run does not end", want));
    if (!trial.rested) return fault(fmt::format("without {}, it does not come to rest", want));
  }
  return pass();
}

// What is wrong with a life in which one function always fails.
std::optional<std::string> harm(const Trial& usual, const Trial& trial, const Service& service) {
  if (!trial.created) return std::nullopt;  // it said so, and that is an answer
  if (service.begins && usual.ended && !trial.ended) return "the run hangs";
  const bool cannot_rest = service.name == "op_complete";
  if (!trial.rested && !cannot_rest) return "it does not come to rest";
  return std::nullopt;
}

Finding every_service_fails(const Subject& subject) {
  const auto usual = usual_life(subject);
  if (!usual) return usual.error();
  doing(subject, "write answers \"the queue is full\" at first");
  if (const auto wrong = difference(*usual, try_life(subject, nullptr, kRefusedWrites)))
    return fault(fmt::format("when there is no room for the first writes, {}", *wrong));
  for (const auto& service : services()) {
    for (const auto error : service.errors) {
      const auto what = fmt::format("{} {} answers \"{}\"", service.table, service.name, plugin::status_text(error));
      doing(subject, what);
      FailingStage stage(service, error);
      const Trial trial = try_life(subject, &stage);
      if (stage.calls() == 0) break;  // not a function that this plugin calls
      if (const auto wrong = harm(*usual, trial, service)) return fault(fmt::format("when {}, {}", what, *wrong));
    }
  }
  return pass();
}

constexpr std::chrono::seconds kManyLives{60};

constexpr std::array kChecks{
    Check{"host-table-cut", "host", "It reads no table of the host further than the minor that it needs has it",
          host_table_cut, kManyLives},
    Check{"host-table-longer", "host", "Tables that have grown since do not disturb it", host_table_longer, kManyLives},
    Check{"missing-want", "host", "It lives without any one of the tables that it only wants", missing_want,
          kManyLives},
    Check{"every-service-fails", "host", "It survives each error of each function that the host gives",
          every_service_fails, kManyLives},
};

}  // namespace

std::span<const Check> host_checks() { return kChecks; }

}  // namespace baton::plugin_check
