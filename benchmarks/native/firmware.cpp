// What the firmware's core costs: time of a tick and of a command, bytes of state, and the arithmetic of a clip's features,
// counted by a number that counts what is done with it. Prints one `name value` on a line; benchmarks/firmware.py reads them.
#include <chrono>
#include <cmath>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "clip_features.h"
#include "encoder.h"
#include "messages.h"
#include "stall.h"

using namespace window_core;

namespace {

// A float that counts. `log10` and `sqrt` are found beside it.
struct Counted {
  float value;
  static inline long sums, products, quotients, roots, logarithms, comparisons;

  Counted() = default;
  explicit Counted(float from) : value(from) {}
  explicit Counted(int from) : value(static_cast<float>(from)) {}
  explicit operator int() const { return static_cast<int>(value); }
  friend Counted operator+(Counted a, Counted b) { return sums++, Counted(a.value + b.value); }
  friend Counted operator-(Counted a, Counted b) { return sums++, Counted(a.value - b.value); }
  friend Counted operator*(Counted a, Counted b) { return products++, Counted(a.value * b.value); }
  friend Counted operator/(Counted a, Counted b) { return quotients++, Counted(a.value / b.value); }
  friend bool operator<(Counted a, Counted b) { return comparisons++, a.value < b.value; }
};
Counted sqrt(Counted x) { return Counted::roots++, Counted(std::sqrt(x.value)); }
Counted log10(Counted x) { return Counted::logarithms++, Counted(std::log10(x.value)); }

double seconds_now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// A small generator of noise: what the sound is does not change the count by much.
std::vector<uint8_t> noise(uint32_t samples) {
  std::vector<uint8_t> bytes;
  uint32_t state = 1;
  for (uint32_t i = 0; i < 2 * samples; i++)
    bytes.push_back(static_cast<uint8_t>((state = state * 1664525u + 1013904223u) >> 24));
  return bytes;
}

void count_features(uint32_t samples) {
  const auto tables = std::make_unique<SpectrumTables<Counted>>();
  const auto spectrum = std::make_unique<Spectrum<Counted>>();
  std::vector<SoundFrame<Counted>> frames(FeatureMaker<Counted>::frames_of(samples));
  FeatureMaker<Counted> maker(*tables, *spectrum, frames.data());
  const auto sound = noise(samples);
  Counted::sums = Counted::products = Counted::quotients = Counted::roots = Counted::logarithms = Counted::comparisons = 0;
  maker.begin(sound.data(), samples);
  while (maker.step(samples)) {
  }
  std::printf("frames %zu\n", frames.size());
  std::printf("sums %ld\nproducts %ld\nquotients %ld\n", Counted::sums, Counted::products, Counted::quotients);
  std::printf("roots %ld\nlogarithms %ld\ncomparisons %ld\n", Counted::roots, Counted::logarithms, Counted::comparisons);
}

void time_features(uint32_t samples) {
  const auto room = std::make_unique<FeatureRoom>();
  std::vector<SoundFrame<float>> frames(FeatureMaker<float>::frames_of(samples));
  FeatureMaker<float> maker(room->tables, room->spectrum, frames.data());
  const auto sound = noise(samples);
  double best = 1e9;
  for (int round = 0; round < 20; round++) {
    const double began = seconds_now();
    maker.begin(sound.data(), samples);
    while (maker.step(samples)) {
    }
    best = std::min(best, seconds_now() - began);
  }
  std::printf("ms_per_clip_features %.4f\n", best * 1e3);
}

// A window that opens and closes without an end: each tick is what loop() asks of the core, moving or not.
void time_ticks() {
  DeviceConfig config;
  config.motor.overrun = kSecond;
  config.motor.pause = kSecond / 2;
  config.motor.duty.budget = 600 * kSecond;
  Saved saved;
  saved.place = kClosed;
  Device device(config, saved, false, 0);
  StallWatch watch({1500, 300 * kMillisecond, 60 * kMillisecond});
  Encoder encoder({10'000, 800 * kMillisecond});
  Micros now = 0;
  uint64_t seen = 0;
  const auto run = [&](long ticks) {
    for (long i = 0; i < ticks; i++) {
      now += 16 * kMillisecond;
      if (i % 4096 == 0)
        device.press(i % 8192 == 0 ? Button::kOpen : Button::kClose, *Token::from("h"), now);
      encoder.read(static_cast<int32_t>(device.state().place.value_or(0) / 10'000), device.is_moving(), now);
      watch.sample(800, now);
      device.advance(now);
      seen += static_cast<uint64_t>(device.drive()) + device.saved().obstacle;
    }
  };
  constexpr long count = 2'000'000;
  run(100'000);
  const double began = seconds_now();
  run(count);
  std::printf("ns_per_tick %.1f\n", (seconds_now() - began) / count * 1e9);
  std::fprintf(stderr, "%llu\n", static_cast<unsigned long long>(seen));  // so that nothing is left out
}

// From the payload's bytes to the bytes of result and state, accepted and refused in turns.
void time_commands() {
  DeviceConfig config;
  Saved saved;
  saved.place = kClosed;
  Device device(config, saved, false, 0);
  device.connect(*Token::from("0123456789abcdef"), 0);
  Guard guard;
  guard.hub = *Token::from("hub");
  guard.machines = true;
  device.guard(guard, false, 0);
  Micros now = kSecond;
  size_t bytes = 0;
  double spent = 0;
  constexpr int count = 200'000;
  for (int i = 0; i < count; i++) {
    now += 100;
    if (i % 1000 == 0)
      device.guard(guard, false, now);
    const uint32_t rev = device.state().rev - (i % 4 == 0 ? 1 : 0);
    const std::string payload = R"({"position": )" + std::to_string(i % 101) + R"(, "source": "ml", "command_id": "c)" +
                                std::to_string(i) + R"(", "session": "0123456789abcdef", "rev": )" + std::to_string(rev) +
                                R"(, "confidence": 0.86, "model_version": "v0", "ts": 1795000000.25})";
    char buffer[1024];
    const double began = seconds_now();
    const Result result = device.control(decode_control(payload), false, now);
    bytes += encode_result(result, 1, buffer, sizeof buffer).size();
    bytes += encode_state(device.state(), 1, buffer, sizeof buffer).size();
    spent += seconds_now() - began;
  }
  std::printf("us_per_command %.3f\n", spent / count * 1e6);
  std::fprintf(stderr, "%zu\n", bytes);
}

}  // namespace

int main(int argc, char **argv) {
  const auto samples = static_cast<uint32_t>((argc > 1 ? std::atof(argv[1]) : 5.0) * kSoundRate);
  time_ticks();
  time_commands();
  time_features(samples);
  count_features(samples);
  std::printf("bytes_ram_core %zu\n", sizeof(Device) + sizeof(Clip) + sizeof(ClipFeatures) + sizeof(Encoder) + sizeof(StallWatch));
  std::printf("bytes_feature_room %zu\n", sizeof(FeatureRoom) + FeatureMaker<float>::frames_of(samples) * sizeof(SoundFrame<float>));
}
