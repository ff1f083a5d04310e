#include "process/pipe_reader.hpp"

#include <array>
#include <cstddef>
#include <system_error>
#include <utility>

#include <asio/buffer.hpp>
#include <asio/posix/stream_descriptor.hpp>

namespace baton::process {

struct PipeReader::State {
  asio::posix::stream_descriptor pipe;
  std::function<void(std::string_view)> on_bytes;
  std::array<char, 4096> bytes{};
};

PipeReader::PipeReader(reactor::Loop& loop, Descriptor pipe, std::function<void(std::string_view)> on_bytes)
    : state_(std::make_shared<State>(
          State{asio::posix::stream_descriptor(loop.context(), pipe.release()), std::move(on_bytes)})) {
  read(state_);
}

PipeReader::~PipeReader() {
  state_->on_bytes = nullptr;
  std::error_code ignored;
  state_->pipe.close(ignored);
}

void PipeReader::read(std::shared_ptr<State> state) {
  State& all = *state;
  all.pipe.async_read_some(asio::buffer(all.bytes),
                           [state = std::move(state)](std::error_code error, std::size_t size) {
                             if (error || !state->on_bytes) return;
                             state->on_bytes(std::string_view(state->bytes.data(), size));
                             read(state);
                           });
}

}  // namespace baton::process
