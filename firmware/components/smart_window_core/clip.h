// SPDX-License-Identifier: Apache-2.0
// One recording on its way to the broker in SWA1 chunks: a 32-byte little-endian header and samples. Chunks leave while
// the clip is still being recorded. contract/asyncapi.yaml, message audio.
#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "units.h"

namespace window_core {

constexpr size_t kClipHeader = 32;

// zlib's CRC-32, four bits at a time: a table of 64 bytes is small enough for any board.
inline uint32_t crc32(const uint8_t *data, size_t size) {
  constexpr uint32_t table[16] = {0x00000000, 0x1DB71064, 0x3B6E20C8, 0x26D930AC, 0x76DC4190, 0x6B6B51F4,
                                  0x4DB26158, 0x5005713C, 0xEDB88320, 0xF00F9344, 0xD6D6A3E8, 0xCB61B38C,
                                  0x9B64C2B0, 0x86D3D2D4, 0xA00AE278, 0xBDBDF21C};
  uint32_t crc = ~uint32_t{0};
  for (size_t i = 0; i < size; i++) {
    crc = table[(crc ^ data[i]) & 15] ^ (crc >> 4);
    crc = table[(crc ^ (data[i] >> 4)) & 15] ^ (crc >> 4);
  }
  return ~crc;
}

struct ClipConfig {
  uint32_t bytes{0};                   // of the whole clip; a multiple of a sample's two bytes
  uint32_t chunk{2048};                // bytes of samples in a message
  Micros gap{30 * kMillisecond};       // between two messages: the publish queue is short
  Micros keep{30 * kSecond};           // a clip that is not out after so long is given up, as its receiver does
};

// One task feeds it samples, another one sends. The buffer is the owner's and holds `bytes`.
class Clip {
 public:
  static constexpr uint32_t kMaxChunks = 4096, kMaxBytes = 720'000;

  Clip(const ClipConfig &config, uint8_t *buffer) : config_(config), buffer_(buffer) {}

  // start_ms: Unix milliseconds, for the trace alone. False while the last one is on its way, or without a buffer.
  bool record(uint32_t id, uint64_t start_ms, Micros now) {
    if (is_busy() || buffer_ == nullptr || config_.bytes == 0 || count() > kMaxChunks)
      return false;
    id_ = id;
    start_ms_ = start_ms;
    began_ = now;
    next_ = 0;
    filled_.store(0, std::memory_order_relaxed);
    wants_sound_.store(true, std::memory_order_release);
    is_busy_ = true;
    return true;
  }

  // From the microphone's task.
  void feed(const uint8_t *data, size_t size) {
    if (!wants_sound_.load(std::memory_order_acquire))
      return;
    const size_t filled = filled_.load(std::memory_order_relaxed);
    const size_t room = size < config_.bytes - filled ? size : config_.bytes - filled;
    std::memcpy(buffer_ + filled, data, room);
    filled_.store(filled + room, std::memory_order_release);
    if (filled + room == config_.bytes)
      wants_sound_.store(false, std::memory_order_release);
  }

  // Sends at most one chunk: send(header, samples, size) says whether it was taken. After a lost link the clip begins
  // again with its first chunk and the same id; whoever has heard a chunk before knows it by its number.
  template<typename Send> void step(bool link, Micros now, Send &&send) {
    if (!is_busy_ || give_up_if_late(now))
      return;
    if (!link)
      next_ = 0;
    const uint32_t offset = next_ * config_.chunk;
    const uint32_t left = config_.bytes - offset, size = left < config_.chunk ? left : config_.chunk;
    if (!link || now - sent_at_ < config_.gap || filled_.load(std::memory_order_acquire) < offset + size)
      return;
    uint8_t header[kClipHeader];
    write_header(header, offset, size);
    sent_at_ = now;
    if (!send(static_cast<const uint8_t *>(header), static_cast<const uint8_t *>(buffer_ + offset), size))
      return;
    if (++next_ == count())
      is_busy_ = false;
  }

  // True where it was not out in time and is no more.
  bool give_up_if_late(Micros now) {
    if (!is_busy_ || now - began_ <= config_.keep)
      return false;
    give_up();
    return true;
  }

  // Whoever made something else of the sound is done with it.
  void finish() {
    wants_sound_.store(false, std::memory_order_release);
    is_busy_ = false;
  }

  // Ends what is being recorded or sent: the owner wants no sound to leave.
  void give_up() {
    given_up_ += is_busy_ ? 1 : 0;
    finish();
  }

  bool is_busy() const { return is_busy_; }
  bool wants_sound() const { return wants_sound_.load(std::memory_order_acquire); }
  uint32_t given_up() const { return given_up_; }
  const uint8_t *sound() const { return buffer_; }
  uint32_t bytes() const { return config_.bytes; }
  // How many bytes of it are there.
  uint32_t filled() const { return filled_.load(std::memory_order_acquire); }
  uint32_t count() const { return (config_.bytes + config_.chunk - 1) / config_.chunk; }

 private:
  template<typename Number> static uint8_t *put(uint8_t *at, Number value) {
    for (size_t i = 0; i < sizeof value; i++)
      *at++ = static_cast<uint8_t>(uint64_t{value} >> (8 * i));
    return at;
  }
  void write_header(uint8_t *at, uint32_t offset, uint32_t size) const {
    std::memcpy(at, "SWA1", 4);
    at = put<uint32_t>(at + 4, id_);
    at = put<uint16_t>(at, static_cast<uint16_t>(next_));
    at = put<uint16_t>(at, static_cast<uint16_t>(count()));
    at = put<uint32_t>(at, config_.bytes);
    at = put<uint32_t>(at, offset);
    at = put<uint64_t>(at, start_ms_);
    put<uint32_t>(at, crc32(buffer_ + offset, size));
  }

  ClipConfig config_;
  uint8_t *buffer_;
  std::atomic<uint32_t> filled_{0};
  std::atomic<bool> wants_sound_{false};
  bool is_busy_{false};
  uint32_t id_{0}, next_{0}, given_up_{0};
  uint64_t start_ms_{0};
  Micros began_{0}, sent_at_{0};
};

}  // namespace window_core
