#include "plugin_check/stages.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

#include "baton/ext/process.h"
#include "baton/ext/timer.h"
#include "plugin/host_tables.hpp"

namespace baton::plugin_check {
namespace {

template <class Table>
const Table& as(const void* table) {
  return *static_cast<const Table*>(table);
}

TEST(HidingStage, HasNotWhatIsHidden) {
  HidingStage stage({BATON_EXT_TIMER});
  EXPECT_EQ(stage.table(BATON_EXT_TIMER, &plugin::kHostTimer), nullptr);
  EXPECT_EQ(stage.table(BATON_EXT_PROCESS, &plugin::kHostProcess), &plugin::kHostProcess);
  EXPECT_EQ(stage.host(plugin::kHostCore), &plugin::kHostCore);
}

TEST(ResizedStage, GivesAWholeTableOfThePromisedLength) {
  auto stage = ResizedStage::cut(BATON_EXT_TIMER, 0);
  const void* shown = stage.table(BATON_EXT_TIMER, &plugin::kHostTimer);
  EXPECT_NE(shown, &plugin::kHostTimer);
  EXPECT_EQ(shown, stage.table(BATON_EXT_TIMER, &plugin::kHostTimer)) << "the answer never changes";
  EXPECT_EQ(as<baton_host_timer>(shown).size, promised_size(BATON_EXT_TIMER, 0));
  EXPECT_EQ(as<baton_host_timer>(shown).start, plugin::kHostTimer.start);
  EXPECT_EQ(stage.table(BATON_EXT_PROCESS, &plugin::kHostProcess), &plugin::kHostProcess);
  EXPECT_EQ(stage.table(BATON_EXT_TIMER, nullptr), nullptr);
}

TEST(ResizedStage, GivesALongerCore) {
  auto stage = ResizedStage::longer(std::string(kCoreTable));
  const auto* shown = stage.host(plugin::kHostCore);
  EXPECT_GT(shown->size, sizeof(baton_host));
  EXPECT_EQ(shown->now, plugin::kHostCore.now);
}

TEST(FailingStage, FailsOneFunctionOnly) {
  for (const auto& service : services()) {
    if (service.table != BATON_EXT_PROCESS || service.name != "stop") continue;
    FailingStage stage(service, BATON_E_STALE);
    const auto& shown = as<baton_host_process>(stage.table(BATON_EXT_PROCESS, &plugin::kHostProcess));
    EXPECT_EQ(shown.stop(nullptr, {1}, 0), BATON_E_STALE);
    EXPECT_EQ(stage.calls(), 1U);
    EXPECT_EQ(shown.spawn, plugin::kHostProcess.spawn);
  }
}

// Each function of a table that answers a status must be tried: whoever adds one adds it to the list.
TEST(Services, AreAllThatATableHas) {
  const std::array<std::pair<std::string_view, std::size_t>, 3> known{{{BATON_EXT_PROCESS, sizeof(baton_host_process)},
                                                                       {BATON_EXT_TIMER, sizeof(baton_host_timer)},
                                                                       {BATON_EXT_RUN, sizeof(baton_host_run)}}};
  for (const auto& [table, size] : known) {
    std::size_t count = 0;
    for (const auto& service : services()) count += service.table == table ? 1 : 0;
    EXPECT_EQ(count, (size - 2 * sizeof(std::uint32_t)) / sizeof(void*)) << table;
    EXPECT_EQ(promised_size(table, 99), size);
  }
  EXPECT_EQ(promised_size("baton.none/1", 0), 0U);
}

}  // namespace
}  // namespace baton::plugin_check
