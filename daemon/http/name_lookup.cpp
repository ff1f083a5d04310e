// A thread knows a name, a number and the desk; functions of the reactor stay with the lookup and are neither called
// nor destroyed elsewhere.
#include "http/name_lookup.hpp"

#include <cstring>
#include <mutex>
#include <system_error>
#include <thread>

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <fmt/format.h>
#include <asio/ip/tcp.hpp>

namespace baton::http {
namespace {

constexpr std::size_t kThreads = 8;  // as many dead name servers may be asked at once before a living one has to wait

asio::ip::address address_of(const addrinfo& entry) {
  asio::ip::tcp::endpoint endpoint;
  std::memcpy(endpoint.data(), entry.ai_addr, std::min<std::size_t>(entry.ai_addrlen, endpoint.capacity()));
  return endpoint.address();
}

Result<NameLookup::Addresses> ask_system(const std::string& name) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  const int failed = ::getaddrinfo(name.c_str(), nullptr, &hints, &list);
  if (failed == EAI_NONAME || failed == EAI_NODATA)
    return fail(Errc::kNotFound, fmt::format("there is no host {}", name));
  if (failed != 0) return fail(Errc::kIo, fmt::format("{} cannot be looked up: {}", name, ::gai_strerror(failed)));
  NameLookup::Addresses found;
  for (const auto* entry = list; entry != nullptr; entry = entry->ai_next) {
    if (entry->ai_family == AF_INET || entry->ai_family == AF_INET6) found.push_back(address_of(*entry));
  }
  ::freeaddrinfo(list);
  return found;
}

}  // namespace

struct NameLookup::Desk {
  std::mutex mutex;
  reactor::Loop* loop;  // under the mutex; null: nobody wants an answer any more
  NameLookup* lookup;   // reactor thread only
};

NameLookup::NameLookup(reactor::Loop& loop) : desk_(std::make_shared<Desk>()) {
  desk_->loop = &loop;
  desk_->lookup = this;
}

NameLookup::~NameLookup() {
  desk_->lookup = nullptr;
  const std::scoped_lock lock(desk_->mutex);
  desk_->loop = nullptr;
}

std::uint64_t NameLookup::ask(std::string name, OnAnswer on_answer) {
  const auto question = ++last_;
  open_.emplace(question, std::move(on_answer));
  waiting_.emplace_back(question, std::move(name));
  begin();
  return question;
}

void NameLookup::forget(std::uint64_t question) {
  open_.erase(question);
  std::erase_if(waiting_, [&](const auto& entry) { return entry.first == question; });
}

void NameLookup::begin() {
  while (threads_ < kThreads && !waiting_.empty()) {
    auto [question, name] = std::move(waiting_.front());
    waiting_.pop_front();
    const auto work = [desk = desk_, question = question, name = std::move(name)] {
      auto answer = ask_system(name);
      const std::scoped_lock lock(desk->mutex);
      if (desk->loop == nullptr) return;
      desk->loop->post([desk, question, answer = std::move(answer)] {
        if (desk->lookup != nullptr) desk->lookup->finish(question, answer);
      });
    };
    ++threads_;
    try {
      std::thread(work).detach();
    } catch (const std::system_error& error) {
      desk_->loop->post([desk = desk_, question = question, why = std::string(error.what())] {
        if (desk->lookup != nullptr) desk->lookup->finish(question, fail(Errc::kIo, "no thread for a name: " + why));
      });
    }
  }
}

void NameLookup::finish(std::uint64_t question, Result<Addresses> answer) {
  --threads_;
  begin();
  auto entry = open_.extract(question);
  if (!entry.empty()) entry.mapped()(std::move(answer));
}

}  // namespace baton::http
