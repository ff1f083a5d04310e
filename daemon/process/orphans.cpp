#include "process/orphans.hpp"

#include <algorithm>

namespace baton::process {
namespace {

Origin of(const Family::Member& member) { return {member.over ? Kinship::kOver : Kinship::kLiving, member.pid}; }

bool is_ours(std::string_view tag, std::string_view nonce) {
  return tag.size() > nonce.size() && tag.starts_with(nonce) && tag[nonce.size()] == '.';
}

// It made a session of its own and cleared its environment, or was started by a program that did.
Origin without_trace(const ProcStat& orphan, const Family& family) {
  if (family.is_init) return {};
  const auto may_be_its = [&](const auto& member) {
    return member.held && (member.works || member.over) && member.start_time <= orphan.start_time;
  };
  bool may_be_ours = false;
  for (const auto& member : family.members) {
    if (!may_be_its(member)) continue;
    if (!member.over) return {Kinship::kLiving};
    may_be_ours = true;
  }
  return may_be_ours && !orphan.ended() ? Origin{Kinship::kOver} : Origin{};
}

}  // namespace

Origin origin_of(const ProcStat& orphan, const std::optional<std::string>& tag, const Family& family,
                 int at_home_with) {
  if (orphan.session == family.own_session) return {};
  const auto& members = family.members;
  const auto find = [&](const auto& which) { return std::find_if(members.begin(), members.end(), which); };
  const auto leader = find([&](const auto& member) { return member.pid == orphan.session; });
  if (leader != members.end()) return of(*leader);
  if (tag && is_ours(*tag, family.nonce)) {
    const auto member = find([&](const auto& one) { return one.tag == *tag; });
    return member == members.end() ? Origin{Kinship::kOver} : of(*member);
  }
  const auto home = find([&](const auto& member) { return at_home_with != 0 && member.pid == at_home_with; });
  return home != members.end() ? of(*home) : without_trace(orphan, family);
}

}  // namespace baton::process
