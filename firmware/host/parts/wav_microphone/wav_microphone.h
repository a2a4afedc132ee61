// SPDX-License-Identifier: GPL-3.0-only
// Plays the file that SMART_WINDOW_WAV names, in real time; silence without one.
#pragma once
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <vector>

#include "esphome/components/microphone/microphone.h"
#include "esphome/core/component.h"
#include "esphome/core/hal.h"

namespace esphome::wav_microphone {

class WavMicrophone : public microphone::Microphone, public Component {
 public:
  void setup() override {
    constexpr size_t header = 44;
    if (const char *path = std::getenv("SMART_WINDOW_WAV")) {
      std::ifstream file(path, std::ios::binary);
      sound_.assign(std::istreambuf_iterator<char>(file), {});
    }
    if (sound_.size() < header + 2)
      sound_.assign(header + 2, 0);
    sound_.erase(sound_.begin(), sound_.begin() + header);
    sound_.resize(sound_.size() / 2 * 2);
  }
  void start() override {
    this->state_ = microphone::STATE_RUNNING;
    last_ = millis_64();
  }
  void stop() override { this->state_ = microphone::STATE_STOPPED; }
  void loop() override {
    if (!this->is_running())
      return;
    constexpr size_t bytes_per_ms = 32;
    const uint64_t now = millis_64();
    std::vector<uint8_t> block((now - last_) * bytes_per_ms);
    last_ = now;
    for (auto &byte : block) {
      byte = static_cast<uint8_t>(sound_[at_]);
      at_ = (at_ + 1) % sound_.size();
    }
    this->data_callbacks_.call(block);
  }

 protected:
  std::vector<char> sound_;
  size_t at_{0};
  uint64_t last_{0};
};

}  // namespace esphome::wav_microphone
