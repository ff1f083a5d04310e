// UUIDv7: 48 bits of milliseconds, 12 bits that count within the millisecond, 62 random bits.
// The counter starts at a random value below half its range, so ids of one process rise strictly and ids of two
// processes do not meet; when it would run over, the id borrows the next millisecond (RFC 9562 §6.2, method 1).
#include "base/ids.hpp"

#include <sys/random.h>

#include <array>
#include <chrono>

#include "base/bug.hpp"

namespace baton {
namespace {

constexpr std::uint16_t kSequenceMask = 0x0FFF;
constexpr std::uint16_t kSequenceStartMask = 0x07FF;

void fill_random(std::array<std::uint8_t, 10>& bytes) {
  const auto got = ::getrandom(bytes.data(), bytes.size(), 0);
  require(got == static_cast<ssize_t>(bytes.size()), "getrandom gave less than asked for");
}

std::string to_text(const std::array<std::uint8_t, 16>& uuid) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string text;
  text.reserve(36);
  for (std::size_t i = 0; i < uuid.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text.push_back('-');
    text.push_back(kHex[uuid[i] >> 4]);
    text.push_back(kHex[uuid[i] & 0x0F]);
  }
  return text;
}

}  // namespace

bool is_safe_id(std::string_view text) {
  constexpr std::size_t kMaxLength = 128;
  if (text.empty() || text.size() > kMaxLength) return false;
  const auto alphanumeric = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  };
  if (!alphanumeric(text.front())) return false;
  for (const char c : text) {
    if (!alphanumeric(c) && c != '.' && c != '_' && c != '-') return false;
  }
  return true;
}

std::string UuidSource::next() {
  using namespace std::chrono;
  auto now = static_cast<std::uint64_t>(duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count());
  std::array<std::uint8_t, 10> random{};
  fill_random(random);
  if (now > last_ms_) {
    last_ms_ = now;
    sequence_ = static_cast<std::uint16_t>(((random[0] << 8) | random[1]) & kSequenceStartMask);
  } else if (++sequence_ > kSequenceMask) {  // also when the clock stepped back: stay in order
    ++last_ms_;
    sequence_ = 0;
  }
  std::array<std::uint8_t, 16> uuid{};
  for (int i = 0; i < 6; ++i) uuid[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(last_ms_ >> (40 - 8 * i));
  uuid[6] = static_cast<std::uint8_t>(0x70 | (sequence_ >> 8));
  uuid[7] = static_cast<std::uint8_t>(sequence_ & 0xFF);
  for (std::size_t i = 0; i < 8; ++i) uuid[8 + i] = random[2 + i];
  uuid[8] = static_cast<std::uint8_t>(0x80 | (uuid[8] & 0x3F));
  return to_text(uuid);
}

}  // namespace baton
