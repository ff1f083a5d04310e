#include "process/orphans.hpp"

#include <algorithm>

namespace baton::process {
namespace {

Origin of(const Family::Member& member) { return {member.over ? Kinship::kOver : Kinship::kLiving, member.pid}; }

bool is_ours(std::string_view tag, std::string_view nonce) {
  return tag.size() > nonce.size() && tag.starts_with(nonce) && tag[nonce.size()] == '.';
}

}  // namespace

Origin origin_of(const ProcStat& orphan, const std::optional<std::string>& tag, const Family& family) {
  if (orphan.session == family.own_session) return {};
  const auto& members = family.members;
  const auto leads = [&](const auto& member) { return member.pid == orphan.session; };
  if (const auto leader = std::find_if(members.begin(), members.end(), leads); leader != members.end()) {
    return of(*leader);
  }
  if (tag && is_ours(*tag, family.nonce)) {
    const auto started = [&](const auto& member) { return member.tag == *tag; };
    const auto member = std::find_if(members.begin(), members.end(), started);
    return member == members.end() ? Origin{Kinship::kOver} : of(*member);
  }
  // It made a session of its own and cleared its environment, or was started by a program that did.
  if (orphan.start_time < family.first_held) return {};
  const auto may_be_its = [&](const auto& member) {
    return member.held && !member.over && member.start_time <= orphan.start_time;
  };
  if (std::any_of(members.begin(), members.end(), may_be_its)) return {Kinship::kLiving};
  return orphan.ended() ? Origin{} : Origin{Kinship::kOver};
}

}  // namespace baton::process
