#include "http/channel_pool.hpp"

#include <algorithm>
#include <utility>

namespace baton::http {

std::shared_ptr<Channel> ChannelPool::take(const std::string& place) {
  for (std::size_t index = spare_.size(); index-- > 0;) {
    if (spare_[index].place != place) continue;
    auto channel = std::move(spare_[index].channel);
    spare_.erase(spare_.begin() + static_cast<std::ptrdiff_t>(index));
    if (channel->is_quiet()) return channel;
  }
  return nullptr;
}

void ChannelPool::put(std::string place, std::shared_ptr<Channel> channel) {
  make_room(place);
  const auto number = ++last_;
  auto end = std::make_unique<reactor::Deadline>(loop_, limits_.age, [this, number] {
    std::erase_if(spare_, [&](const Spare& spare) { return spare.number == number; });
  });
  spare_.push_back({number, std::move(place), std::move(channel), std::move(end)});
}

void ChannelPool::make_room(const std::string& place) {
  const auto same = [&](const Spare& spare) { return spare.place == place; };
  if (static_cast<std::size_t>(std::ranges::count_if(spare_, same)) >= limits_.per_place)
    spare_.erase(std::ranges::find_if(spare_, same));
  if (spare_.size() >= limits_.all) spare_.erase(spare_.begin());
}

}  // namespace baton::http
