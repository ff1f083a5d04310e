// The C++ wrapper against a host of a few lines: what it does at the boundary.
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "baton/cpp/entry.hpp"
#include "baton/cpp/process.hpp"
#include "baton/cpp/timer.hpp"

namespace {

// Remembers what plugins told it.
struct NotingHost {
  baton_host table{};
  baton_host_run run{};
  baton_host_process process{};
  bool offers_run = true;
  std::vector<std::string> log;
  std::string failure;
  struct End {
    std::uint32_t result, error_class;
    std::string detail;
  };
  std::vector<End> ends;
  int closed = 0;
  baton_process_events kept{};
  void* kept_user = nullptr;

  static NotingHost& of(const baton_host* host) { return *static_cast<NotingHost*>(host->impl); }

  NotingHost() {
    table.size = sizeof(table);
    table.impl = this;
    table.extension = [](const baton_host* host, const char* id) noexcept -> const void* {
      auto& self = of(host);
      if (std::string_view(id) == BATON_EXT_RUN && self.offers_run) return &self.run;
      if (std::string_view(id) == BATON_EXT_PROCESS) return &self.process;
      return nullptr;
    };
    table.log = [](const baton_host* host, int32_t, baton_str text, const baton_field*, size_t) noexcept {
      of(host).log.emplace_back(baton::plugin::view(text));
    };
    table.fail = [](const baton_host* host, baton_status code, baton_str text) noexcept {
      of(host).failure = baton::plugin::view(text);
      return code;
    };
    run.size = sizeof(run);
    run.finish = [](const baton_host* host, baton_run, const baton_outcome* outcome) noexcept {
      of(host).ends.push_back(
          {outcome->result, outcome->error_class, std::string(baton::plugin::view(outcome->detail))});
      return BATON_OK;
    };
    process.size = sizeof(process);
    process.spawn = [](const baton_host* host, const baton_spawn*, const baton_process_events* events, void* user,
                       baton_process* out) noexcept {
      of(host).kept = *events;
      of(host).kept_user = user;
      *out = {7};
      return BATON_OK;
    };
    process.close = [](const baton_host* host, baton_process) noexcept {
      ++of(host).closed;
      return BATON_OK;
    };
  }
};

enum class Script { kKeep, kDrop, kThrow, kThrowOdd, kThrowInCallback };
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
  }

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

TEST_F(Wrapper, AnExceptionInACallbackFailsItsRun) {
  create();
  script = Script::kThrowInCallback;
  ASSERT_EQ(start(), BATON_OK);
  const baton_exit exit{};
  host.kept.on_exit(host.kept_user, {7}, &exit);
  ASSERT_EQ(host.ends.size(), 1u);
  EXPECT_EQ(host.ends[0].detail, "burst");
  EXPECT_EQ(host.log, std::vector<std::string>{"burst"});
  runtime().run_release(plugin, state);
  EXPECT_EQ(host.closed, 0);  // it had exited by itself
}

}  // namespace
