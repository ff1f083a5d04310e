// What the exchanges of one streaming client share.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/limits.hpp"
#include "http/channel_pool.hpp"
#include "http/input_buffer.hpp"
#include "http/name_lookup.hpp"
#include "http/streaming_client.hpp"
#include "http/tls_context.hpp"
#include "reactor/loop.hpp"
#include "reactor/scope.hpp"

namespace baton::http {

using AnswerBuffer = InputBuffer<limits::kAnswerHead>;

struct StreamingClient::Parts {
  Parts(reactor::Loop& on, StreamingOptions what)
      : loop(on), options(std::move(what)), names(on), pool(on, options.pool), scope(on) {}

  // Made when it is first needed: it reads files, and most daemons never use it.
  Result<TlsContext*> tls() {
    if (!context) {
      auto made = TlsContext::make(options.ca_file);
      if (!made) return fail(made);
      context.emplace(std::move(*made));
    }
    return &*context;
  }

  std::unique_ptr<AnswerBuffer> take_buffer() {
    if (buffers.empty()) return std::make_unique<AnswerBuffer>();
    auto buffer = std::move(buffers.back());
    buffers.pop_back();
    return buffer;
  }
  void give_back(std::unique_ptr<AnswerBuffer> buffer) {
    constexpr std::size_t kSpare = 8;  // half a MiB
    if (buffers.size() == kSpare) return;
    buffer->clear();
    buffers.push_back(std::move(buffer));
  }

  reactor::Loop& loop;
  const StreamingOptions options;
  NameLookup names;
  ChannelPool pool;
  std::optional<TlsContext> context;
  std::vector<std::unique_ptr<AnswerBuffer>> buffers;
  reactor::Scope scope;
};

}  // namespace baton::http
