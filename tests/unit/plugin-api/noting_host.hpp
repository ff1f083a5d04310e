// A host of a few lines that remembers what plugins told it, and whose services do nothing until a test says so.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "baton/cpp/str.hpp"
#include "baton/ext/process.h"
#include "baton/ext/run.h"
#include "baton/ext/timer.h"
#include "baton/host.h"

namespace baton::plugin {

struct NotingHost {
  struct End {
    std::uint32_t result, error_class;
    std::string detail;
  };
  struct Started {  // a timer
    void (*on_fire)(void*, baton_timer) noexcept;
    void* user;
    std::int64_t delay_ns;
  };

  baton_host table{};
  baton_host_run run{};
  baton_host_process process{};
  baton_host_timer timer{};
  bool offers_run = true;
  baton_status timer_answer = BATON_OK;

  std::vector<std::string> log, texts;
  std::string failure;
  std::vector<End> ends;
  std::vector<baton_status> completed;
  int closed = 0;  // processes and timers
  baton_process_events kept{};
  void* kept_user = nullptr;
  std::vector<Started> timers;

  NotingHost() {
    fill_core();
    fill_run();
    fill_process();
    fill_timer();
  }
  NotingHost(const NotingHost&) = delete;

  static NotingHost& of(const baton_host* host) { return *static_cast<NotingHost*>(host->impl); }

  void fire(std::size_t which) { timers.at(which).on_fire(timers.at(which).user, {which + 1}); }
  void exit(int code) {
    const baton_exit gone{.size = sizeof(baton_exit), .code = code, .signal = 0, .forced = 0};
    kept.on_exit(kept_user, {7}, &gone);
  }

 private:
  void fill_core() {
    table.size = sizeof(table);
    table.impl = this;
    table.product = "test/1";
    table.extension = [](const baton_host* host, const char* id) noexcept -> const void* {
      auto& self = of(host);
      if (std::string_view(id) == BATON_EXT_RUN && self.offers_run) return &self.run;
      if (std::string_view(id) == BATON_EXT_PROCESS) return &self.process;
      if (std::string_view(id) == BATON_EXT_TIMER) return &self.timer;
      return nullptr;
    };
    table.log = [](const baton_host* host, std::int32_t, baton_str text, const baton_field*, std::size_t) noexcept {
      of(host).log.emplace_back(view(text));
    };
    table.fail = [](const baton_host* host, baton_status code, baton_str text) noexcept {
      of(host).failure = view(text);
      return code;
    };
    table.now = [](const baton_host*) noexcept { return std::int64_t{5}; };
    table.wall = [](const baton_host*) noexcept { return std::int64_t{6}; };
    table.op_complete = [](const baton_host* host, baton_op, baton_status status) noexcept {
      of(host).completed.push_back(status);
      return BATON_OK;
    };
  }
  void fill_run() {
    run.size = sizeof(run);
    run.emit = [](const baton_host* host, baton_run, const baton_event* event) noexcept {
      if (event->kind == BATON_EVENT_TEXT) {
        of(host).texts.emplace_back(view(reinterpret_cast<const baton_event_text*>(event)->text));
      }
      return BATON_OK;
    };
    run.finish = [](const baton_host* host, baton_run, const baton_outcome* outcome) noexcept {
      of(host).ends.push_back({outcome->result, outcome->error_class, std::string(view(outcome->detail))});
      return BATON_OK;
    };
    run.probed = [](const baton_host*, baton_op, const baton_probe*) noexcept { return BATON_OK; };
  }
  void fill_process() {
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
  void fill_timer() {
    timer.size = sizeof(timer);
    timer.start = [](const baton_host* host, baton_run, std::int64_t delay_ns, std::int64_t,
                     void (*on_fire)(void*, baton_timer) noexcept, void* user, baton_timer* out) noexcept {
      auto& self = of(host);
      if (self.timer_answer != BATON_OK) return self.timer_answer;
      self.timers.push_back({on_fire, user, delay_ns});
      *out = {self.timers.size()};
      return BATON_OK;
    };
    timer.close = [](const baton_host* host, baton_timer) noexcept {
      ++of(host).closed;
      return BATON_OK;
    };
  }
};

}  // namespace baton::plugin
