// Stands between a host and a plugin and hears every call, in both directions.
//
// Functions of a C table have no place for a pointer, so there is one witness at a time in a process.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "baton/ext/runtime.h"
#include "plugin/instance.hpp"
#include "plugin/library.hpp"
#include "plugin/surroundings.hpp"

namespace baton::plugin_check {

// One call into the plugin: how much the thread computed, how often it waited for something (its voluntary context
// switches: 0 for what only computes), how many bytes came out on the descriptor that is measured, and how long it took
// by the machine's clock, which nothing may be judged by that did not wait.
struct Visit {
  const char* what;
  std::int64_t cpu_ns;
  std::int64_t waits;
  std::int64_t written;
  std::int64_t took_ns;
};

class Witness final : public plugin::Stage {
 public:
  Witness();
  ~Witness() override;
  Witness(const Witness&) = delete;
  Witness& operator=(const Witness&) = delete;
  static Witness& current();

  // The file behind this descriptor is looked at before and after each visit. -1: none.
  void measure(int descriptor) { measured_ = descriptor; }
  int measured() const { return measured_; }

  // From now on the witness gives up on a kind of call when several of it have computed longer than this, or have
  // waited and taken longer. Then too_slow() says which, and the plugin gets no more output, so that its runs end soon.
  void be_impatient(std::int64_t budget_ns) { budget_ns_ = budget_ns; }
  const std::string& too_slow() const { return too_slow_; }

  // The plugin's log goes nowhere: it is the host that writes it.
  const baton_host* host(const baton_host& real) override;
  // `library` with an entry and a runtime table that pass here.
  plugin::Library between(plugin::Library library);
  const void* table(std::string_view id, const void* real) override;

  // What the plugin asked of the host, in order: function and arguments, without handles.
  const std::vector<std::string>& asked() const { return asked_; }
  const std::vector<Visit>& visits() const { return visits_; }
  void forget();  // both

  // Calls run_cancel of the run that was started last, as the host may do with an earlier deadline. False: that run is
  // released, or was never accepted.
  bool cancel_again(plugin::Instance& instance, std::uint32_t reason, std::int64_t deadline);

  // ---- for the tables ----
  void note(std::string what) { asked_.push_back(std::move(what)); }
  template <class Call>
  auto visit(const char* what, Call&& call) {
    const Meter meter(*this, what);
    return std::forward<Call>(call)();
  }
  const baton_runtime& plugins_table() const { return *runtime_; }
  const baton_entry& plugins_entry() const { return *entry_; }
  void started(baton_plugin* plugin, void* state) { last_ = {plugin, state, true}; }
  void released(const void* state) { last_.lives = last_.lives && last_.state != state; }
  // The real table behind one that was given by table().
  template <class Table>
  static const Table*& real() {
    static const Table* table = nullptr;
    return table;
  }
  // Keeps what a callback needs until the witness ends.
  template <class T>
  T* keep(T value) {
    auto kept = std::make_shared<T>(std::move(value));
    kept_.push_back(kept);
    return kept.get();
  }

 private:
  class Meter {
   public:
    Meter(Witness& witness, const char* what);
    ~Meter();
    Meter(const Meter&) = delete;
    Meter& operator=(const Meter&) = delete;

   private:
    Witness& witness_;
    Visit begin_;
  };
  struct Last {
    baton_plugin* plugin = nullptr;
    void* state = nullptr;
    bool lives = false;
  };

  struct Slow {
    int calls = 0;
    std::int64_t took_ns = 0;
  };
  void judge(const Visit& visit);

  int measured_ = -1;
  std::int64_t budget_ns_ = 0;  // 0: patient
  std::string too_slow_;
  std::map<std::string, Slow> slow_;  // by kind of call
  std::deque<baton_host> hosts_;      // as shown, one per instance
  const baton_runtime* runtime_ = nullptr;
  const baton_entry* entry_ = nullptr;
  baton_runtime heard_runtime_{};
  baton_entry heard_entry_{};
  Last last_;
  std::vector<std::string> asked_;
  std::vector<Visit> visits_;
  std::deque<std::shared_ptr<void>> kept_;
};

// The witness's table in place of `real`, for the ids that it hears; else `real`.
const void* heard_table(std::string_view id, const void* real);

// `lines` with the text events that follow each other joined: a program's output may come in any pieces.
std::vector<std::string> with_joined_text(const std::vector<std::string>& lines);
// How the first line that differs differs; empty when none does.
std::string first_difference(const std::vector<std::string>& one, const std::vector<std::string>& other);

}  // namespace baton::plugin_check
