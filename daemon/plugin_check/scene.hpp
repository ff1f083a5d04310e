// A new instance with nothing of an earlier one, and what becomes of its runs when its programs do this or that.
//
//   Scene scene(subject);
//   scene.play({.exit = {.code = 1}});
//   const KeptRun& run = scene.run();
//   if (auto why = scene.untried(run)) return *why;     // kSkip: there is nothing to judge
//   if (auto why = scene.endless(run)) return *why;     // it did not end by itself
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "plugin_check/bench.hpp"
#include "plugin_check/witness.hpp"

namespace baton::plugin_check {

// What a program says of which nobody knows what it understands.
constexpr std::string_view kWords = "some words of the agent\n";

class Scene {
 public:
  using Change = std::function<void(Script&)>;

  // With a witness the plugin's calls pass it; it outlives the scene.
  explicit Scene(const Subject& subject, Witness* witness = nullptr);

  // From now on the programs do what the transcripts of `kind` say (else, with "happy": the plain script), changed.
  // A program that only a transcript of kind "probe" fits plays that, unchanged.
  void play(std::string kind, Change change = {});
  // They do this, whatever the transcripts say.
  void play(Script script);

  // Another instance beside the first one, with the same configuration; null: it cannot be made.
  plugin::Instance* another(const std::string& name);
  KeptRun& start(const runtime::Request& request);
  // Starts a run, and turns until it has started a program: a plugin may ask a person before, or read a file. Where
  // run_start itself starts one, no turn of the loop has passed.
  KeptRun& start_program(const runtime::Request& request);
  KeptRun& run(const runtime::Request& request);  // and waits for its end
  KeptRun& run(std::string prompt = "hello") { return run(request(std::move(prompt))); }
  runtime::Request request(std::string prompt = "hello") { return bench_.request(std::move(prompt)); }

  // Ends the first instance, if there is one: a process that goes on to another scene must not have one that knows the
  // tables of this. What was heard of its runs stays.
  void end();

  // Nothing: the run is worth looking at. Else why not: no instance, refused, no program was asked, a transcript that
  // no program fits.
  std::optional<Finding> untried(const KeptRun& run);
  // A fault unless the plugin ended the run, soon after its program had ended.
  std::optional<Finding> endless(const KeptRun& run) const;

  // Nothing: the instance claims this capability. Else kSkip.
  std::optional<Finding> unclaimed(bool runtime::Capabilities::*flag, std::string_view name) const;
  // For a check of a kind: kSkip when no transcript is of it.
  static std::optional<Finding> missing(const Subject& subject, std::string_view kind, std::string_view what_it_shows);
  // Of the transcript that was played last.
  const Expectation& expected() const { return expected_; }

  plugin::Instance* instance() { return instance_; }  // null: none could be made
  Bench& bench() { return bench_; }

 private:
  Script script_for(const process::SpawnRequest& request);

  const Subject& subject_;
  Bench bench_;
  plugin::Instance* instance_ = nullptr;
  std::optional<Finding> no_instance_;
  KeptRun never_;  // of runs without an instance
  std::string kind_ = "happy";
  Change change_;
  Expectation expected_;
  std::string misfit_;  // argv of a program that no transcript of the kind fits
};

// Its first line on stdout; kWords when it prints nothing of its own.
std::string first_line(const Script& script);
// Where it would print what it reads, it says two lines of its own instead.
void say_plainly(Script& script);
// It says only its first line and then hangs.
void hang_after_first_line(Script& script);
// All its output, byte by byte, or in pieces of `size` bytes and a longer last one.
void cut_to_bytes(Script& script);
void cut_to_pieces(Script& script, std::size_t size);

}  // namespace baton::plugin_check
