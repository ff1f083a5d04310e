// What the way through the plugin ABI costs, each beside its yardstick. Programs are played, so that nothing but the
// way is measured; `bench/speed` takes the ratios.
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

#include "base/json_reader.hpp"
#include "base/text.hpp"
#include "bench/plugin/stage.hpp"
#include "plugin/line_splitter.hpp"
#include "process/command.hpp"
#include "process/environment.hpp"
#include "reactor/completion.hpp"
#include "reactor/scope.hpp"

namespace baton::plugin {
namespace {

constexpr int kPerTurn = 64;  // as many as one read of a pipe brings, about

// ---- a callback: host -> plugin -> host ----

void BM_CallbackThroughAbi(benchmark::State& state) {
  PlayedRun run(BATON_BENCH_ECHO, "{}");
  const std::string line = "twenty bytes of text\n";
  int called = 0;
  for (auto _ : state) {
    run.print(line);
    if (++called % kPerTurn == 0) run.turn();
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_CallbackThroughAbi);

// Yardstick: the same work without an ABI. Two virtual calls of C++ inside one program, around the same splitting into
// lines, the same look at the text, the same event, and its delivery in a later turn of a loop.
class Sink {
 public:
  virtual ~Sink() = default;
  virtual void emit(std::string_view text) = 0;
};
class Plugin {
 public:
  virtual ~Plugin() = default;
  virtual void on_output(std::string_view bytes) = 0;
};
class QueueingSink final : public Sink {
 public:
  QueueingSink(reactor::Loop& loop, runtime::Listener& listener) : loop_(loop), listener_(listener) {}
  void emit(std::string_view text) override {
    if (!text::is_utf8(text)) return;
    events_.emplace_back(runtime::TextEvent{false, std::string(text)});
    if (!std::exchange(posted_, true)) loop_.post([this] { deliver(); });
  }

 private:
  void deliver() {
    posted_ = false;
    for (const auto& event : events_) listener_.on_event(event);
    events_.clear();
  }
  reactor::Loop& loop_;
  runtime::Listener& listener_;
  std::vector<runtime::Event> events_;
  bool posted_ = false;
};
class EchoingPlugin final : public Plugin {
 public:
  explicit EchoingPlugin(Sink& sink) : sink_(sink) {}
  void on_output(std::string_view bytes) override { sink_.emit(bytes); }

 private:
  Sink& sink_;
};

void BM_CallbackVirtual(benchmark::State& state) {
  reactor::Loop loop;
  CountingListener listener;
  QueueingSink sink(loop, listener);
  LineSplitter splitter(4096);
  const std::unique_ptr<Plugin> plugin = std::make_unique<EchoingPlugin>(sink);
  Plugin* called_plugin = plugin.get();
  benchmark::DoNotOptimize(called_plugin);  // the compiler shall not see which class it is
  const std::string line = "twenty bytes of text\n";
  int called = 0;
  for (auto _ : state) {
    splitter.feed(line, [&](std::string_view whole, std::uint32_t) {
      called_plugin->on_output(whole);
      return true;
    });
    if (++called % kPerTurn != 0) continue;
    loop.context().restart();
    loop.context().poll();
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_CallbackVirtual);

// ---- a transcript of 1 MiB: lines of a process -> plugin -> events ----

// What an agent prints: words in short pieces, calls of tools, and their results. A line has 370 bytes in the middle;
// in recorded sessions of real programs it is a kilobyte, so this is the harder case.
std::string transcript() {
  std::string all;
  for (int number = 0; all.size() < 1024 * 1024; ++number) {
    const auto id = std::to_string(number);
    for (int piece = 0; piece < 8; ++piece)
      all += R"({"type":"text","text":"The next step is to see what test )" + id +
             R"( wants, and why it fails."})"
             "\n";
    all += R"({"type":"tool_call","id":")" + id + R"(","name":"bash","args":{"command":"sed -n 1,80p src/parser_)" +
           id +
           R"(.cpp","timeout":30}})"
           "\n";
    all += R"({"type":"tool_result","id":")" + id + R"(","ok":true,"text":")";
    for (int line = 0; line < 60; ++line) all += R"(  if (at == end) return std::nullopt;  // no more\n)";
    all += R"("})"
           "\n";
    all += R"({"type":"usage","tokens_in":12034,"tokens_cached":9000,"tokens_out":512,"cost_usd":0.031})"
           "\n";
  }
  return all;
}

constexpr std::size_t kRead = 64 * 1024;  // what one read of a pipe gives at the most

void BM_TranscriptThroughPlugin(benchmark::State& state) {
  PlayedRun run(BATON_BENCH_COMMAND, R"({"argv":["/bin/cat"],"events":"jsonl"})");
  const auto bytes = transcript();
  for (auto _ : state) {
    for (std::size_t at = 0; at < bytes.size(); at += kRead) {
      run.print(std::string_view(bytes).substr(at, kRead));
      run.turn();
    }
  }
  if (run.events() == 0) state.SkipWithError("no events came");
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes.size()) * state.iterations());
}
BENCHMARK(BM_TranscriptThroughPlugin)->Unit(benchmark::kMillisecond);

// Yardstick: simdjson reads each line of the same bytes into a document.
void BM_TranscriptParsed(benchmark::State& state) {
  const simdjson::padded_string bytes(transcript());
  simdjson::dom::parser parser;
  for (auto _ : state) {
    std::size_t documents = 0;
    for (std::size_t at = 0; at < bytes.size();) {
      const auto end = std::string_view(bytes).find('\n', at);
      documents += parser.parse(bytes.data() + at, end - at, false).error() == simdjson::SUCCESS ? 1 : 0;
      at = end + 1;
    }
    benchmark::DoNotOptimize(documents);
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes.size()) * state.iterations());
}
BENCHMARK(BM_TranscriptParsed)->Unit(benchmark::kMillisecond);

// ---- a look at a good plugin, in a process of its own ----

reactor::Task<> probe_once(reactor::Loop& loop, bool* good) {
  process::Command command;
  command.spawn.argv = {BATON_BENCH_PROBE, BATON_BENCH_COMMAND};
  command.spawn.cwd = "/";
  command.spawn.env = process::clean_environment();
  command.spawn.label = "probe";
  command.timeout = std::chrono::seconds(10);
  command.capture = 1024 * 1024;
  auto finished = co_await process::run(loop, nullptr, std::move(command));
  *good = finished && finished->exit.code == 0 && finished->out.starts_with("{");
}

void BM_Probe(benchmark::State& state) {
  reactor::Loop loop;
  for (auto _ : state) {
    bool good = false;
    reactor::Scope scope(loop);
    scope.spawn(probe_once(loop, &good));
    while (scope.alive() > 0) {
      loop.context().restart();
      loop.context().run_one();
    }
    if (!good) state.SkipWithError("the probe failed");
  }
}
BENCHMARK(BM_Probe)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace baton::plugin
