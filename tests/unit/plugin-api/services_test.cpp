// The wrapper's service classes against tables of a few lines: each slot is called with what it needs, a callback
// reaches its action once, and a destroyed handle is closed.
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "baton/cpp/approval.hpp"
#include "baton/cpp/secret.hpp"
#include "baton/cpp/store.hpp"
#include "baton/cpp/tools.hpp"
#include "baton/cpp/wakeup.hpp"
#include "baton/cpp/watch.hpp"

namespace {

using baton::plugin::str;
using baton::plugin::view;

// Remembers the last callback that it was given, and how often something was closed.
struct FewLines {
  baton_host table{};
  baton_host_run run{};
  baton_host_watch watch{};
  baton_host_wakeup wakeup{};
  baton_host_store store{};
  baton_host_secret secret{};
  baton_host_approval approval{};
  baton_host_tools tools{};
  std::vector<std::string> heard, log;
  std::map<std::string, std::string> kept;
  int closed = 0, failed_runs = 0;
  bool refuse = false;
  void* user = nullptr;
  decltype(+[](void*, baton_watch, uint32_t) noexcept {}) on_ready = nullptr;
  decltype(+[](void*) noexcept {}) on_wake = nullptr;
  decltype(+[](void*, baton_approval, uint32_t, baton_str) noexcept {}) on_answer = nullptr;
  decltype(+[](void*, baton_tool_call, uint32_t, baton_str) noexcept {}) on_result = nullptr;

  static FewLines& of(const baton_host* host) { return *static_cast<FewLines*>(host->impl); }
  baton_status answer() const { return refuse ? BATON_E_LIMIT : BATON_OK; }

  FewLines() {
    table.size = sizeof(table);
    table.impl = this;
    table.extension = [](const baton_host* host, const char* id) noexcept { return of(host).find(id); };
    table.log = [](const baton_host* host, int32_t, baton_str text, const baton_field*, size_t) noexcept {
      of(host).log.emplace_back(view(text));
    };
    run.size = sizeof(run);
    run.finish = [](const baton_host* host, baton_run, const baton_outcome*) noexcept {
      ++of(host).failed_runs;
      return BATON_OK;
    };
    fill_waits();
    fill_memory();
    fill_asks();
  }
  const void* find(std::string_view id) const {
    const std::map<std::string_view, const void*> all{{BATON_EXT_RUN, &run},       {BATON_EXT_WATCH, &watch},
                                                      {BATON_EXT_WAKEUP, &wakeup}, {BATON_EXT_STORE, &store},
                                                      {BATON_EXT_SECRET, &secret}, {BATON_EXT_APPROVAL, &approval},
                                                      {BATON_EXT_TOOLS, &tools}};
    const auto found = all.find(id);
    return found == all.end() ? nullptr : found->second;
  }
  void fill_waits() {
    watch = {.size = sizeof(watch),
             .reserved = 0,
             .start =
                 [](const baton_host* host, baton_run, int32_t fd, uint32_t interest,
                    void (*call)(void*, baton_watch, uint32_t) noexcept, void* given, baton_watch* out) noexcept {
                   auto& self = of(host);
                   self.heard.push_back("watch " + std::to_string(fd) + " " + std::to_string(interest));
                   self.on_ready = call;
                   self.user = given;
                   *out = {5};
                   return self.answer();
                 },
             .change =
                 [](const baton_host* host, baton_watch which, uint32_t interest) noexcept {
                   of(host).heard.push_back("change " + std::to_string(which.id) + " " + std::to_string(interest));
                   return BATON_OK;
                 },
             .close =
                 [](const baton_host* host, baton_watch) noexcept {
                   ++of(host).closed;
                   return BATON_OK;
                 }};
    wakeup = {.size = sizeof(wakeup),
              .reserved = 0,
              .create =
                  [](const baton_host* host, void (*call)(void*) noexcept, void* given, baton_wakeup* out) noexcept {
                    of(host).on_wake = call;
                    of(host).user = given;
                    *out = {6};
                    return of(host).answer();
                  },
              .signal =
                  [](const baton_host* host, baton_wakeup which) noexcept {
                    of(host).heard.push_back("signal " + std::to_string(which.id));
                    return of(host).closed > 0 ? BATON_E_STALE : BATON_OK;
                  },
              .close =
                  [](const baton_host* host, baton_wakeup) noexcept {
                    ++of(host).closed;
                    return BATON_OK;
                  }};
  }
  void fill_memory() {
    store = {.size = sizeof(store),
             .reserved = 0,
             .get =
                 [](const baton_host* host, baton_str key, baton_str* out) noexcept {
                   const auto found = of(host).kept.find(std::string(view(key)));
                   if (found == of(host).kept.end()) return BATON_E_NOT_FOUND;
                   *out = str(found->second);
                   return BATON_OK;
                 },
             .put =
                 [](const baton_host* host, baton_str key, baton_str value) noexcept {
                   of(host).kept[std::string(view(key))] = view(value);
                   return of(host).answer();
                 },
             .erase =
                 [](const baton_host* host, baton_str key) noexcept {
                   return of(host).kept.erase(std::string(view(key))) > 0 ? BATON_OK : BATON_E_NOT_FOUND;
                 }};
    secret = {
        .size = sizeof(secret), .reserved = 0, .get = [](const baton_host*, const char* name, baton_str* out) noexcept {
          if (std::string_view(name) != "key") return BATON_E_DENIED;
          *out = str("value");
          return BATON_OK;
        }};
  }
  void fill_asks() {
    approval = {.size = sizeof(approval),
                .reserved = 0,
                .ask =
                    [](const baton_host* host, const baton_approval_request* request,
                       void (*call)(void*, baton_approval, uint32_t, baton_str) noexcept, void* given,
                       baton_approval* out) noexcept {
                      auto& self = of(host);
                      self.heard.push_back("ask " + std::string(view(request->tool)) +
                                           std::string(view(request->args_json)) + std::string(view(request->reason)));
                      self.on_answer = call;
                      self.user = given;
                      *out = {7};
                      return self.answer();
                    },
                .close =
                    [](const baton_host* host, baton_approval) noexcept {
                      ++of(host).closed;
                      return BATON_OK;
                    }};
    tools = {.size = sizeof(tools),
             .reserved = 0,
             .list =
                 [](const baton_host* host, baton_run, baton_str* out) noexcept {
                   *out = str("[]");
                   return of(host).answer();
                 },
             .call =
                 [](const baton_host* host, baton_run, baton_str name, baton_str args,
                    void (*call)(void*, baton_tool_call, uint32_t, baton_str) noexcept, void* given,
                    baton_tool_call* out) noexcept {
                   of(host).heard.push_back("call " + std::string(view(name)) + std::string(view(args)));
                   of(host).on_result = call;
                   of(host).user = given;
                   *out = {8};
                   return of(host).answer();
                 },
             .close =
                 [](const baton_host* host, baton_tool_call) noexcept {
                   ++of(host).closed;
                   return BATON_OK;
                 }};
  }
};

class Services : public ::testing::Test {
 protected:
  FewLines few;
  baton::plugin::Host host{&few.table};
  baton_run run{3};
};

TEST_F(Services, AWatchTellsChangesAndCloses) {
  const auto watches = host.need<baton::plugin::Watches>();
  std::vector<std::uint32_t> ready;
  {
    auto watch = watches.start(run, 9, BATON_WATCH_READ, [&](std::uint32_t what) { ready.push_back(what); });
    few.on_ready(few.user, {5}, BATON_WATCH_READ);
    few.on_ready(few.user, {5}, BATON_WATCH_ERROR);
    EXPECT_TRUE(watch.change(BATON_WATCH_WRITE).ok());
    auto moved = std::move(watch);
    EXPECT_FALSE(watch);  // NOLINT(bugprone-use-after-move): what is left is empty
    EXPECT_TRUE(moved);
    EXPECT_EQ(few.closed, 0);
  }
  EXPECT_EQ(few.closed, 1);
  EXPECT_EQ(ready, (std::vector<std::uint32_t>{BATON_WATCH_READ, BATON_WATCH_ERROR}));
  EXPECT_EQ(few.heard, (std::vector<std::string>{"watch 9 1", "change 5 2"}));
  EXPECT_EQ(baton::plugin::Watch().change(0).code(), BATON_E_STALE);
}

TEST_F(Services, AWatchMayBeDestroyedInItsCall) {
  const auto watches = host.need<baton::plugin::Watches>();
  auto watch = std::make_unique<baton::plugin::Watch>();
  *watch = watches.start(run, 9, BATON_WATCH_READ, [&](std::uint32_t) { watch.reset(); });
  few.on_ready(few.user, {5}, BATON_WATCH_READ);
  EXPECT_EQ(few.closed, 1);
}

TEST_F(Services, WhatACallThrowsFailsItsRun) {
  const auto watches = host.need<baton::plugin::Watches>();
  const auto watch = watches.start(run, 9, BATON_WATCH_READ, [](std::uint32_t) { throw std::runtime_error("burst"); });
  few.on_ready(few.user, {5}, BATON_WATCH_READ);
  EXPECT_EQ(few.log, std::vector<std::string>{"burst"});
  EXPECT_EQ(few.failed_runs, 1);
}

TEST_F(Services, AWakeupGivesThreadsASignal) {
  const auto wakeups = host.need<baton::plugin::Wakeups>();
  int woken = 0;
  auto wakeup = wakeups.create([&] { ++woken; });
  const auto signal = wakeup.signal();
  EXPECT_TRUE(signal().ok());
  few.on_wake(few.user);
  EXPECT_EQ(woken, 1);
  wakeup.close();
  EXPECT_EQ(signal().code(), BATON_E_STALE);
  EXPECT_EQ(wakeup.signal()().code(), BATON_E_STALE);
  EXPECT_EQ(few.closed, 1);
}

TEST_F(Services, AStoreKeepsTexts) {
  const auto store = host.need<baton::plugin::Store>();
  EXPECT_FALSE(store.get("a"));
  EXPECT_TRUE(store.put("a", "1").ok());
  EXPECT_EQ(store.get("a"), "1");
  EXPECT_TRUE(store.erase("a").ok());
  EXPECT_EQ(store.erase("a").code(), BATON_E_NOT_FOUND);
}

TEST_F(Services, ASecretIsAViewAndARefusalIsAStatus) {
  const auto secrets = host.need<baton::plugin::Secrets>();
  std::string_view value = "unchanged";
  EXPECT_EQ(secrets.get("other", value).code(), BATON_E_DENIED);
  EXPECT_EQ(value, "unchanged");
  EXPECT_TRUE(secrets.get("key", value).ok());
  EXPECT_EQ(value, "value");
}

TEST_F(Services, AnAnswerEndsItsQuestion) {
  const auto approvals = host.need<baton::plugin::Approvals>();
  std::string answer;
  const baton::plugin::Approvals::Question question{.tool = "shell", .args_json = "{}", .reason = "why"};
  auto approval = approvals.ask(run, question, [&](bool allowed, std::string_view note) {
    answer = std::string(allowed ? "yes " : "no ") + std::string(note);
  });
  EXPECT_TRUE(approval);
  few.on_answer(few.user, {7}, 1, str("fine"));
  EXPECT_EQ(answer, "yes fine");
  EXPECT_FALSE(approval) << "there is nothing to close any more";
  approval.close();
  EXPECT_EQ(few.closed, 0);
  {
    const auto open = approvals.ask(run, question, [](bool, std::string_view) {});
  }
  EXPECT_EQ(few.closed, 1);
  EXPECT_EQ(few.heard.front(), "ask shell{}why");
}

TEST_F(Services, AResultEndsItsCall) {
  const auto tools = host.need<baton::plugin::Tools>();
  EXPECT_EQ(tools.list(run), "[]");
  std::string result;
  auto call = tools.call(run, "read_file", "{}", [&](bool ok, std::string_view text) {
    result = std::string(ok ? "ok " : "not ") + std::string(text);
  });
  few.on_result(few.user, {8}, 0, str("missing"));
  EXPECT_EQ(result, "not missing");
  EXPECT_FALSE(call);
  EXPECT_EQ(few.closed, 0);
  call = tools.call(run, "read_file", "{}", [](bool, std::string_view) {});
  call = {};
  EXPECT_EQ(few.closed, 1);
}

TEST_F(Services, ARefusalIsThrownAndNothingIsClosed) {
  few.refuse = true;
  EXPECT_THROW(host.need<baton::plugin::Watches>().start(run, 9, 1, [](std::uint32_t) {}), baton::plugin::Failure);
  EXPECT_THROW(host.need<baton::plugin::Wakeups>().create([] {}), baton::plugin::Failure);
  EXPECT_THROW(host.need<baton::plugin::Approvals>().ask(run, {.tool = "x"}, [](bool, std::string_view) {}),
               baton::plugin::Failure);
  EXPECT_THROW(host.need<baton::plugin::Tools>().list(run), baton::plugin::Failure);
  EXPECT_THROW(host.need<baton::plugin::Tools>().call(run, "x", "{}", [](bool, std::string_view) {}),
               baton::plugin::Failure);
  EXPECT_EQ(few.closed, 0);
}

}  // namespace
