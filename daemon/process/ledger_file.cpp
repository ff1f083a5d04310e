#include "process/ledger_file.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/text.hpp"

namespace baton::process {
namespace {

constexpr std::string_view kNothing = "-";

// Takes the next word and the blank behind it from `line`.
std::string_view next_word(std::string_view& line) {
  const std::size_t end = std::min(line.find(' '), line.size());
  const auto word = line.substr(0, end);
  line.remove_prefix(std::min(end + 1, line.size()));
  return word;
}

template <class Number>
bool read(std::string_view word, Number& value) {
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  return error == std::errc() && end == word.data() + word.size();
}

void parse_head(std::string_view line, LedgerText& ledger) {
  ledger.boot = next_word(line);
  std::uint64_t forks = 0;
  if (next_word(line) == "forks" && read(next_word(line), forks)) ledger.forks = forks;
}

void parse_entry(std::string_view kind, std::string_view line, LedgerText& ledger) {
  Ledger::Entry entry;
  if (!read(next_word(line), entry.pid) || !read(next_word(line), entry.start_time) || entry.pid <= 1) return;
  if (kind == "+") {
    entry.label = line;
    ledger.newest_start = std::max(ledger.newest_start, entry.start_time);
    ledger.living[entry.pid] = entry;
    return;
  }
  const auto found = ledger.living.find(entry.pid);
  if (found != ledger.living.end() && found->second.start_time == entry.start_time) ledger.living.erase(found);
}

// "-" stands for nothing. The control group comes last, since its name may hold blanks.
void parse_place(std::string_view line, LedgerText& ledger) {
  Ledger::Entry entry;
  if (!read(next_word(line), entry.pid) || !read(next_word(line), entry.start_time)) return;
  const auto found = ledger.living.find(entry.pid);
  if (found == ledger.living.end() || found->second.start_time != entry.start_time) return;
  const auto tag = next_word(line);
  const auto subject = next_word(line);
  if (tag != kNothing) found->second.tag = tag;
  if (subject != kNothing) found->second.subject = subject;
  if (line != kNothing) found->second.cgroup = line;
}

void parse_intent(std::string_view line, LedgerText& ledger) {
  const std::string tag(next_word(line));
  if (!tag.empty()) ledger.intended[tag] = line;
}

// As one word of a line.
std::string word_of(std::string_view text) {
  std::string word(text.empty() ? kNothing : text);
  std::replace_if(
      word.begin(), word.end(), [](char c) { return c == ' ' || c == '\n'; }, '_');
  return word;
}

std::string one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

}  // namespace

LedgerText parse_ledger(std::string_view text) {
  LedgerText ledger;
  if (!text.empty() && text.back() != '\n') text = text.substr(0, text.rfind('\n') + 1);  // cut in the middle of a line
  for (auto line : text::lines(text)) {
    const auto kind = next_word(line);
    if (kind == "boot") parse_head(line, ledger);
    if (kind == "+" || kind == "-") parse_entry(kind, line, ledger);
    if (kind == ":") parse_place(line, ledger);
    if (kind == "by" && !line.empty()) ledger.writers.emplace(line);
    if (kind == "?") parse_intent(line, ledger);
    if (kind == "!") ledger.intended.erase(std::string(line));
  }
  return ledger;
}

std::string ledger_head(std::string_view boot, std::optional<std::uint64_t> forks) {
  if (!forks) return fmt::format("boot {}\n", boot);
  return fmt::format("boot {} forks {}\n", boot, *forks);
}

std::string writer_line(std::string_view nonce) { return fmt::format("by {}\n", nonce); }

std::string intent_line(std::string_view tag, std::string_view subject) {
  if (subject.empty()) return fmt::format("? {}\n", tag);
  return fmt::format("? {} {}\n", tag, word_of(subject));
}
std::string outcome_line(std::string_view tag) { return fmt::format("! {}\n", tag); }

std::string start_line(const Ledger::Entry& entry) {
  auto text = fmt::format("+ {} {} {}\n", entry.pid, entry.start_time, one_line(entry.label));
  if (!entry.subject.empty() || !entry.cgroup.empty()) {
    const auto cgroup = entry.cgroup.empty() ? std::string(kNothing) : one_line(entry.cgroup);
    text += fmt::format(": {} {} {} {} {}\n", entry.pid, entry.start_time, word_of(entry.tag), word_of(entry.subject),
                        cgroup);
  }
  return text;
}

std::string end_line(const Ledger::Entry& entry) { return fmt::format("- {} {}\n", entry.pid, entry.start_time); }

}  // namespace baton::process
