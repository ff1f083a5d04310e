// The C++ wrapper against a host of a few lines: what it does at the boundary.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "baton/cpp/entry.hpp"
#include "baton/cpp/process.hpp"
#include "tests/unit/plugin-api/noting_host.hpp"

namespace {

using baton::plugin::NotingHost;

enum class Script { kKeep, kDrop, kThrow, kThrowOdd, kThrowInCallback, kFinishTwice, kSayLittle };
Script script = Script::kKeep;

struct PlainRun {
  baton::plugin::Run run;
  baton::plugin::Process process;
};

class Plain : public baton::plugin::Runtime<Plain, PlainRun> {
 public:
  Plain(baton::plugin::Host host, const baton_create_args&)
      : Runtime(host), processes_(host.need<baton::plugin::Processes>()) {}
  baton_runtime_caps caps() const {
    baton_runtime_caps caps{};
    caps.flags = BATON_CAP_WORKTREE;
    if (script == Script::kSayLittle) return caps;
    caps.integration = BATON_INTEGRATION_LOOP;
    caps.context_tokens = 99;
    return caps;
  }
  void probe(baton::plugin::Probe) {}
  std::unique_ptr<PlainRun> start(baton::plugin::Run run, const baton_run_request&) {
    if (script == Script::kThrow) throw baton::plugin::Failure(BATON_E_NOT_FOUND, "no such thing");
    if (script == Script::kThrowOdd) throw 42;
    auto object = std::make_unique<PlainRun>(PlainRun{std::move(run), {}});
    if (script == Script::kDrop) return nullptr;
    baton::plugin::Process::Events events;
    events.on_exit = [](const baton_exit&) {
      if (script == Script::kThrowInCallback) throw std::runtime_error("burst");
    };
    processes_.spawn(object->run.id(), {}, std::move(events), object->process).or_throw("spawn");
    return object;
  }
  void cancel(PlainRun& run, std::uint32_t, std::int64_t) {
    run.run.finish(baton::plugin::failed(BATON_ERROR_NONE, "cancelled"));
    if (script == Script::kFinishTwice) run.run.finish(baton::plugin::failed(BATON_ERROR_NONE, "again"));
  }
  void setup(baton_setup_info& out) const {
    if (script == Script::kThrow) throw std::runtime_error("no setup today");
    out.auth_kind = BATON_AUTH_LOGIN;
    out.docs_url = "https://example.org";
  }
  // A table of its own, beside those that the wrapper builds.
  static const void* extension(std::string_view id) noexcept { return id == "org.example.own/1" ? &kOwn : nullptr; }
  static constexpr int kOwn = 3;

 private:
  baton::plugin::Processes processes_;
};

class Wrapper : public ::testing::Test {
 protected:
  void SetUp() override { script = Script::kKeep; }
  void create() {
    baton_create_args args{};
    ASSERT_EQ(kEntry.create(&host.table, &args, &plugin), BATON_OK);
  }
  void TearDown() override {
    if (plugin != nullptr) kEntry.destroy(plugin);
  }
  static constexpr baton_descriptor kDescriptor{};
  static constexpr baton_entry kEntry = baton::plugin::Entry<Plain>::make(&kDescriptor);
  const baton_runtime& runtime() { return *static_cast<const baton_runtime*>(kEntry.extension(BATON_EXT_RUNTIME)); }
  baton_status start() { return runtime().run_start(plugin, {5}, &request, &state); }

  NotingHost host;
  baton_plugin* plugin = nullptr;
  baton_run_request request{};
  void* state = nullptr;
};

TEST_F(Wrapper, RefusesCreateWhenANeededTableIsMissing) {
  host.offers_run = false;
  baton_create_args args{};
  EXPECT_EQ(kEntry.create(&host.table, &args, &plugin), BATON_E_UNSUPPORTED);
  EXPECT_EQ(plugin, nullptr);
  EXPECT_EQ(host.failure, "the host does not offer baton.run/1");
}

TEST_F(Wrapper, AnswersOnlyItsOwnExtension) {
  EXPECT_NE(kEntry.extension(BATON_EXT_RUNTIME), nullptr);
  EXPECT_EQ(kEntry.extension(""), nullptr);
  EXPECT_EQ(kEntry.extension("baton.runtime/12"), nullptr);
}

TEST_F(Wrapper, GivesEachTableThatTheClassHas) {
  EXPECT_NE(kEntry.extension(BATON_EXT_SETUP), nullptr);
  EXPECT_EQ(kEntry.extension("org.example.own/1"), &Plain::kOwn);
  EXPECT_EQ(kEntry.extension("org.example.own/2"), nullptr);
  EXPECT_EQ(kEntry.extension(nullptr), nullptr);
}

TEST_F(Wrapper, FillsTheSetupWithinTheHostsStruct) {
  create();
  const auto& setup = *static_cast<const baton_setup*>(kEntry.extension(BATON_EXT_SETUP));
  baton_setup_info info{};
  info.size = offsetof(baton_setup_info, docs_url);
  ASSERT_EQ(setup.info(plugin, &info), BATON_OK);
  EXPECT_EQ(info.auth_kind, std::uint32_t{BATON_AUTH_LOGIN});
  EXPECT_EQ(info.docs_url, nullptr);
  EXPECT_EQ(info.size, offsetof(baton_setup_info, docs_url));
  info.size = sizeof(info);
  info.secret = "kept";
  ASSERT_EQ(setup.info(plugin, &info), BATON_OK);
  EXPECT_STREQ(info.docs_url, "https://example.org");
  EXPECT_STREQ(info.secret, "kept");  // what the plugin does not know stays as the host has set it
  script = Script::kThrow;
  EXPECT_EQ(setup.info(plugin, &info), BATON_E_INTERNAL);
  EXPECT_EQ(host.failure, "no setup today");
}

TEST_F(Wrapper, EndsAQuiesceOfAClassThatHasNone) {
  create();
  kEntry.quiesce(plugin, {3});
  EXPECT_EQ(host.completed, std::vector<baton_status>{BATON_OK});
}

TEST_F(Wrapper, FillsNoMoreCapsThanThereIsRoom) {
  create();
  baton_runtime_caps caps{};
  caps.size = offsetof(baton_runtime_caps, context_tokens);
  caps.context_tokens = -1;
  ASSERT_EQ(runtime().caps(plugin, &caps), BATON_OK);
  EXPECT_EQ(caps.flags, BATON_CAP_WORKTREE);
  EXPECT_EQ(caps.context_tokens, -1);
  EXPECT_EQ(caps.size, offsetof(baton_runtime_caps, context_tokens));
}

TEST_F(Wrapper, CapsThatThePluginDoesNotSayStayUnknown) {
  create();
  baton_runtime_caps caps{};
  caps.size = sizeof(caps);
  caps.integration = BATON_INTEGRATION_PROGRAM;
  caps.context_tokens = -1;
  script = Script::kSayLittle;
  ASSERT_EQ(runtime().caps(plugin, &caps), BATON_OK);
  EXPECT_EQ(caps.flags, BATON_CAP_WORKTREE);
  EXPECT_EQ(caps.integration, std::uint32_t{BATON_INTEGRATION_PROGRAM});
  EXPECT_EQ(caps.context_tokens, -1);
  script = Script::kKeep;
  ASSERT_EQ(runtime().caps(plugin, &caps), BATON_OK);
  EXPECT_EQ(caps.integration, std::uint32_t{BATON_INTEGRATION_LOOP});
  EXPECT_EQ(caps.context_tokens, 99);
}

TEST_F(Wrapper, AThrownFailureBecomesAStatusWithItsText) {
  create();
  script = Script::kThrow;
  EXPECT_EQ(start(), BATON_E_NOT_FOUND);
  EXPECT_EQ(host.failure, "no such thing");
  EXPECT_TRUE(host.ends.empty());
  script = Script::kThrowOdd;
  EXPECT_EQ(start(), BATON_E_INTERNAL);
}

TEST_F(Wrapper, ADroppedRunEndsAsFailedOnce) {
  create();
  script = Script::kDrop;
  ASSERT_EQ(start(), BATON_OK);
  ASSERT_EQ(host.ends.size(), 1u);
  EXPECT_EQ(host.ends[0].error_class, std::uint32_t{BATON_ERROR_INTERNAL});
  runtime().run_release(plugin, state);
  EXPECT_EQ(host.ends.size(), 1u);
}

TEST_F(Wrapper, ARunThatTheHostEndedIsNotFinishedAgain) {
  create();
  ASSERT_EQ(start(), BATON_OK);
  runtime().run_release(plugin, state);
  EXPECT_TRUE(host.ends.empty());
  EXPECT_EQ(host.closed, 1);
}

TEST_F(Wrapper, CancelAfterTheEndIsHarmless) {
  create();
  ASSERT_EQ(start(), BATON_OK);
  runtime().run_cancel(plugin, state, BATON_CANCEL_USER, 0);
  runtime().run_cancel(plugin, state, BATON_CANCEL_USER, 0);
  EXPECT_EQ(host.ends.size(), 1u);
  runtime().run_release(plugin, state);
}

TEST_F(Wrapper, ASecondFinishReachesTheHostWhichCountsIt) {
  create();
  script = Script::kFinishTwice;
  ASSERT_EQ(start(), BATON_OK);
  runtime().run_cancel(plugin, state, BATON_CANCEL_USER, 0);
  ASSERT_EQ(host.ends.size(), 2u);
  EXPECT_EQ(host.ends[0].detail, "cancelled");
  runtime().run_release(plugin, state);
  EXPECT_EQ(host.ends.size(), 2u);
}

TEST_F(Wrapper, AnExceptionInACallbackFailsItsRun) {
  create();
  script = Script::kThrowInCallback;
  ASSERT_EQ(start(), BATON_OK);
  host.exit(0);
  ASSERT_EQ(host.ends.size(), 1u);
  EXPECT_EQ(host.ends[0].detail, "burst");
  EXPECT_EQ(host.log, std::vector<std::string>{"burst"});
  runtime().run_release(plugin, state);
  EXPECT_EQ(host.closed, 0);  // it had exited by itself
}

}  // namespace
