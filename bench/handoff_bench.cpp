// What a run pays to learn where the work stands, and to leave it to the next one.
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <benchmark/benchmark.h>

#include "base/bug.hpp"
#include "base/json_reader.hpp"
#include "handoff/files.hpp"
#include "handoff/prompt.hpp"
#include "handoff/resume_state.hpp"
#include "handoff/scaffold.hpp"

namespace baton::handoff {
namespace {

Handoff with_items(std::int64_t items) {
  Handoff handoff;
  handoff.handoff_from = "agent-1";
  handoff.runtime = "native";
  handoff.timestamp = "2026-01-02T03:04:05.678Z";
  for (std::int64_t i = 0; i < items; ++i) {
    handoff.completed_subtasks.push_back("wrote the part that counts the words of file " + std::to_string(i));
  }
  return handoff;
}

// A worktree as a run finds it.
class Worktree {
 public:
  explicit Worktree(std::int64_t items) {
    std::string pattern = (std::filesystem::temp_directory_path() / "baton-bench-XXXXXX").native();
    require(::mkdtemp(pattern.data()) != nullptr, "no temporary directory");
    path_ = pattern;
    for (const auto& file : scaffold({.id = "t", .title = "T", .description = "", .team = "", .verify_command = ""})) {
      std::ofstream(path_ / file.name) << file.content;
    }
    require(write_handoff(path_, with_items(items)).has_value(), "the hand-off was not written");
  }
  ~Worktree() { std::filesystem::remove_all(path_); }
  Worktree(const Worktree&) = delete;
  Worktree& operator=(const Worktree&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

void BM_ParseHandoff(benchmark::State& state) {
  const auto text = render_handoff(with_items(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(parse_handoff(text, "now"));
  state.SetBytesProcessed(static_cast<std::int64_t>(text.size()) * state.iterations());
}
BENCHMARK(BM_ParseHandoff)->ArgName("items")->Arg(3)->Arg(1000);

// Yardstick of BM_ParseHandoff: the parser alone.
void BM_ParseOnly(benchmark::State& state) {
  const auto text = render_handoff(with_items(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(json::Document::parse(text));
  state.SetBytesProcessed(static_cast<std::int64_t>(text.size()) * state.iterations());
}
BENCHMARK(BM_ParseOnly)->ArgName("items")->Arg(3)->Arg(1000);

void BM_ReconstructState(benchmark::State& state) {
  const Worktree worktree(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(reconstruct_state(worktree.path()));
}
BENCHMARK(BM_ReconstructState)->ArgName("items")->Arg(3)->Arg(1000);

void BM_AssemblePrompt(benchmark::State& state) {
  const Worktree worktree(state.range(0));
  PromptParts parts;
  parts.title = "Count the words";
  parts.resume = reconstruct_state(worktree.path());
  for (auto _ : state) benchmark::DoNotOptimize(assemble_prompt(parts));
}
BENCHMARK(BM_AssemblePrompt)->ArgName("items")->Arg(3)->Arg(1000);

// Two syncs; compare with BM_WriteUnsynced.
void BM_WriteHandoff(benchmark::State& state) {
  const Worktree worktree(0);
  const auto handoff = with_items(state.range(0));
  for (auto _ : state) require(write_handoff(worktree.path(), handoff).has_value(), "the hand-off was not written");
}
BENCHMARK(BM_WriteHandoff)->ArgName("items")->Arg(3);

void BM_WriteUnsynced(benchmark::State& state) {
  const Worktree worktree(0);
  const auto text = render_handoff(with_items(state.range(0)));
  for (auto _ : state) std::ofstream(worktree.path() / "plain") << text;
}
BENCHMARK(BM_WriteUnsynced)->ArgName("items")->Arg(3);

}  // namespace
}  // namespace baton::handoff
