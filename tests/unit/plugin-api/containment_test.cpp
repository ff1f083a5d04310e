// Nothing that a plugin throws reaches the host, although the plugin has a C++ runtime of its own.
#include <string>
#include <vector>

#include <dlfcn.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "baton/entry.h"
#include "baton/ext/runtime.h"
#include "baton/ext/setup.h"
#include "tests/unit/plugin-api/noting_host.hpp"

namespace baton::plugin {
namespace {

using ::testing::ElementsAre;

struct Containment : ::testing::Test {
  NotingHost host;
  const baton_entry* entry = nullptr;
  const baton_runtime* runtime = nullptr;
  baton_plugin* instance = nullptr;
  void* state = nullptr;

  void SetUp() override {
    void* library = ::dlopen(BATON_TEST_THROWER, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    ASSERT_NE(library, nullptr) << ::dlerror();
    auto* symbol = reinterpret_cast<const baton_entry* (*)()>(::dlsym(library, BATON_ENTRY_SYMBOL));
    ASSERT_NE(symbol, nullptr);
    entry = symbol();
    runtime = static_cast<const baton_runtime*>(entry->extension(BATON_EXT_RUNTIME));
    ASSERT_EQ(create("{}"), BATON_OK);
  }
  void TearDown() override {
    if (instance != nullptr) entry->destroy(instance);
  }
  baton_status create(std::string_view config) {
    baton_create_args args{};
    args.size = sizeof(args);
    args.config = str(config);
    return entry->create(&host.table, &args, &instance);
  }
  baton_status start(std::string_view prompt) {
    baton_run_request request{};
    request.size = sizeof(request);
    request.prompt_turn = str(prompt);
    return runtime->run_start(instance, {5}, &request, &state);
  }
};

TEST_F(Containment, OfTheLifeOfAnInstance) {
  entry->destroy(instance);
  instance = nullptr;
  EXPECT_EQ(create("throw"), BATON_E_INTERNAL);
  EXPECT_EQ(host.failure, "no instance");
  EXPECT_EQ(instance, nullptr);
  ASSERT_EQ(create("{}"), BATON_OK);
  entry->quiesce(instance, {1});
  EXPECT_THAT(host.completed, ElementsAre(BATON_E_INTERNAL));
}

TEST_F(Containment, OfQuestions) {
  baton_runtime_caps caps{};
  caps.size = sizeof(caps);
  EXPECT_EQ(runtime->caps(instance, &caps), BATON_E_INTERNAL);
  EXPECT_EQ(host.failure, "no caps");
  EXPECT_EQ(runtime->probe(instance, {1}), BATON_E_INTERNAL);
  EXPECT_EQ(host.failure, "an unknown exception");
  baton_setup_info info{};
  info.size = sizeof(info);
  const auto* setup = static_cast<const baton_setup*>(entry->extension(BATON_EXT_SETUP));
  EXPECT_EQ(setup->info(instance, &info), BATON_E_INTERNAL);
}

TEST_F(Containment, OfARunThatDoesNotStart) {
  EXPECT_EQ(start("throw"), BATON_E_LIMIT);
  EXPECT_EQ(host.failure, "no run");
  EXPECT_TRUE(host.ends.empty());
}

TEST_F(Containment, OfTheCallbacksOfARun) {
  ASSERT_EQ(start("go"), BATON_OK);
  const baton_run_input input{.size = sizeof(input), .mode = BATON_INPUT_STEER, .text = str("x")};
  EXPECT_EQ(runtime->run_input(instance, state, &input), BATON_E_INTERNAL);
  EXPECT_EQ(host.failure, "no input");
  host.kept.on_output(host.kept_user, {7}, BATON_STREAM_STDOUT, str("x"), 0);
  host.kept.on_drain(host.kept_user, {7});
  host.fire(0);
  host.exit(0);
  runtime->run_cancel(instance, state, BATON_CANCEL_USER, 0);
  EXPECT_THAT(host.log, ElementsAre("no output", "an unknown exception", "no time", "no exit", "no cancel"));
  ASSERT_FALSE(host.ends.empty());
  EXPECT_EQ(host.ends[0].detail, "no output");
  runtime->run_release(instance, state);
}

}  // namespace
}  // namespace baton::plugin
