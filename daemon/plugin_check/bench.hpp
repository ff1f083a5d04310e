// A host for one plugin under test: the daemon's own tables and instances, in virtual time, with played programs,
// servers, tools and people. Nothing of it needs a network, a program or a daemon.
//
//   Bench bench(subject);
//   auto made = bench.create();
//   if (!made) return made.error();
//   KeptRun& run = bench.start(**made, bench.request("hello"));
//   if (!bench.settle([&] { return run.ended(); })) return fault("the run does not end");
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "plugin/instance.hpp"
#include "plugin/plugin_runtime.hpp"
#include "plugin/surroundings.hpp"
#include "plugin_check/chance.hpp"
#include "plugin_check/kept_run.hpp"
#include "plugin_check/scripted_children.hpp"
#include "plugin_check/scripted_services.hpp"
#include "plugin_check/subject.hpp"
#include "reactor/loop.hpp"
#include "reactor/manual_time.hpp"
#include "reactor/task.hpp"

namespace baton::plugin_check {

class Bench {
 public:
  // Both outlive it. `stage` may be null: the tables as they are.
  explicit Bench(const Subject& subject, plugin::Stage* stage = nullptr);
  ~Bench();
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;

  // ---- instances; they live as long as the bench ----

  // With the subject's configuration. The finding (kSkip) says why there is none: create-destroy tells it as a fault.
  tl::expected<plugin::Instance*, Finding> create(const std::string& name = "check");
  // With another configuration, and of another library than the file's (an entry with other functions).
  plugin::Accepted<plugin::Instance*> create_with(plugin::Library library, const std::string& name,
                                                  const std::string& config_json);
  void probe(plugin::Instance& instance);  // and waits for the answer
  // Cancels its runs, quiesces, destroys. False when it did not come to rest, and was not destroyed.
  bool end(plugin::Instance& instance);

  // ---- runs; what was heard of them lives as long as the bench ----

  // Fresh, in an empty directory, with a home.
  runtime::Request request(std::string prompt);
  KeptRun& start(plugin::Instance& instance, const runtime::Request& request);

  // Forgets all runs and programs, which must have ended, so that thousands can be tried.
  void forget();

  // ---- time ----

  // Turns the loop and moves the time on until `done`. False when nothing is left to do, or `most` (virtual) is over.
  bool settle(const std::function<bool()>& done, std::chrono::nanoseconds most = std::chrono::hours(24));
  // Until nothing is left that is due now; the time stands still.
  void turn();
  // Until nothing is left to do at all. False when it goes on for ever.
  bool rest(std::chrono::nanoseconds most = std::chrono::hours(24));

  // ---- what is played ----

  // From now on: this for every program; or, the default, the subject's transcripts (of `kind` before others), and a
  // plain script where none fits.
  void play(Script script);
  void play_transcripts(std::string kind);

  ScriptedChildren& children() { return children_; }
  ScriptedHttp& http() { return http_; }
  ScriptedApprovals& approvals() { return approvals_; }
  ScriptedTools& tools() { return tools_; }
  reactor::ManualTime& time() { return time_; }
  reactor::Loop& loop() { return loop_; }
  Chance& chance() { return chance_; }

 private:
  struct Member {
    std::unique_ptr<plugin::Instance> instance;
    std::unique_ptr<plugin::PluginRuntime> runtime;
  };
  bool complete(reactor::Task<> task);
  bool wait_for_the_machine();

  const Subject& subject_;
  Chance chance_;
  reactor::Loop loop_;
  reactor::ManualTime time_;
  ScriptedChildren children_;
  ScriptedHttp http_;
  ScriptedApprovals approvals_;
  ScriptedTools tools_;
  plugin::Surroundings around_;
  bool has_own_sources_ = false;  // descriptors or threads of the plugin may wake the loop
  std::vector<Member> members_;
  std::vector<std::unique_ptr<KeptRun>> runs_;
};

// Leaves nothing in the scratch directory of what instances and runs before have written: their data, homes and working
// directories. For checks that compare lives, which must not depend on each other.
void clear_places(const Subject& subject);

// How an instance broke the rules, in words; empty when it did not. Slow calls do not count: time is virtual.
std::string misbehaviour_of(const plugin::Instance& instance);

}  // namespace baton::plugin_check
