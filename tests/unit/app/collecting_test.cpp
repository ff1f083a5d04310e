#include "app/collecting.hpp"

#include <chrono>
#include <filesystem>

#include <gtest/gtest.h>

#include "tests/unit/executor/workshop.hpp"

namespace baton::app {
namespace {

using namespace std::chrono_literals;
using test::Workshop;

std::filesystem::path provisioned(Workshop& shop) {
  executor::WorkspaceRequest request;
  request.task_id = shop.create("work").id;
  request.repo_path = shop.repository().string();
  auto made = shop.await(shop.workspaces().provision(std::move(request)));
  require(made.has_value(), "not provisioned");
  return made->worktree.path;
}

bool goes(Workshop& shop, const std::filesystem::path& tree) {
  return test::run_until(shop.loop(), [&] { return !std::filesystem::exists(tree); });
}

TEST(Collecting, BeginsAtOnceAndAgainWhenItIsKicked) {
  Workshop shop;
  executor::Collector collector(shop.services(), shop.busy(), {.age = 1ms});
  executor::Salvage salvage(shop.services(), shop.busy(), {});
  Collecting collecting(shop.loop(), collector, salvage, {.interval = 1h, .least = 1ms});
  const auto before = provisioned(shop);
  const auto made = std::chrono::steady_clock::now();
  test::run_until(shop.loop(), [&] { return std::chrono::steady_clock::now() - made > 5ms; });  // old enough by then
  collecting.start();
  EXPECT_TRUE(goes(shop, before));
  const auto after = provisioned(shop);
  EXPECT_TRUE(test::run_until(shop.loop(), [&] {  // the first kick may come before an age of a millisecond is over
    collecting.kick();
    return !std::filesystem::exists(after);
  }));
  test::run_task(shop.loop(), [](Collecting& one) -> reactor::Task<bool> {
    co_await one.stop();
    co_return true;
  }(collecting));
}

}  // namespace
}  // namespace baton::app
