// What every request pays before it reaches the board: reading a body, making an id, writing an answer.
#include <optional>
#include <string>

#include <benchmark/benchmark.h>

#include "base/clock.hpp"
#include "base/fields.hpp"
#include "base/ids.hpp"
#include "base/json_reader.hpp"
#include "base/json_writer.hpp"

namespace baton {
namespace {

constexpr Field kTable[] = {
    {.name = "title", .required = true, .min = 1, .max = 500},
    {.name = "description", .max = 20'000},
    {.name = "teamId"},
    {.name = "priority", .kind = Kind::kInteger},
    {.name = "parentTaskId"},
};

std::string body_of(std::size_t description) {
  return R"({"title":"Count the words","priority":3,"teamId":"tools","description":")" + std::string(description, 'x') +
         "\"}";
}

void BM_ReadBody(benchmark::State& state) {
  const auto body = body_of(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(read_fields(kTable, body));
  state.SetBytesProcessed(static_cast<std::int64_t>(body.size()) * state.iterations());
}
BENCHMARK(BM_ReadBody)->ArgName("description")->Arg(0)->Arg(1000)->Arg(20'000);

// Yardstick of BM_ReadBody: the parser alone.
void BM_ParseOnly(benchmark::State& state) {
  const auto body = body_of(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(json::Document::parse(body));
  state.SetBytesProcessed(static_cast<std::int64_t>(body.size()) * state.iterations());
}
BENCHMARK(BM_ParseOnly)->ArgName("description")->Arg(0)->Arg(1000)->Arg(20'000);

void BM_WriteAnswer(benchmark::State& state) {
  const std::string description(static_cast<std::size_t>(state.range(0)), 'x');
  std::string out;
  for (auto _ : state) {
    out.clear();
    json::Writer json(out);
    json.object().field("id", "0198c0de-0000-7000-8000-000000000001").field("description", description);
    json.field("priority", 3).field("teamId", std::optional<std::string>()).end();
    benchmark::DoNotOptimize(out.data());
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(out.size()) * state.iterations());
}
BENCHMARK(BM_WriteAnswer)->ArgName("description")->Arg(0)->Arg(20'000);

void BM_NewId(benchmark::State& state) {
  UuidSource source;
  for (auto _ : state) benchmark::DoNotOptimize(source.next());
}
BENCHMARK(BM_NewId);

// Yardstick of BM_NewId, which asks the kernel once too.
void BM_ReadClock(benchmark::State& state) {
  const SystemClock clock;
  for (auto _ : state) benchmark::DoNotOptimize(clock.unix_ms());
}
BENCHMARK(BM_ReadClock);

}  // namespace
}  // namespace baton
