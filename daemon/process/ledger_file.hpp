// The text of a ledger (LEDGER.md has the format): parsing and rendering, no files.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "process/ledger.hpp"

namespace baton::process {

struct LedgerText {
  std::string boot;                             // the machine's start during which it was written
  std::optional<std::uint64_t> forks;           // made since that start when the ledger was begun
  std::map<int, Ledger::Entry> living;          // started and not ended, by pid
  std::set<std::string> writers;                // nonces of the daemons that wrote it
  std::map<std::string, std::string> intended;  // tag of a spawn whose outcome was never written -> subject
  std::uint64_t newest_start = 0;               // the latest moment that the writer is known to have lived
};

// Lines that are not understood (the last one of a killed writer) are passed over.
LedgerText parse_ledger(std::string_view text);

std::string ledger_head(std::string_view boot, std::optional<std::uint64_t> forks);
std::string writer_line(std::string_view nonce);
std::string intent_line(std::string_view tag, std::string_view subject);
std::string outcome_line(std::string_view tag);
std::string start_line(const Ledger::Entry& entry);  // two lines where there is more to say
std::string end_line(const Ledger::Entry& entry);

}  // namespace baton::process
