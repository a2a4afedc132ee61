// Makes the features of clips from stdin (a count of samples, 32 bits, then the samples, 16 bits, all low byte first) and
// prints the numbers of each on a line. The sound arrives in blocks, as from a microphone.
#include <cstdio>
#include <memory>
#include <vector>

#include "sound_features.h"

using namespace window_core;

int main() {
  const auto tables = std::make_unique<SpectrumTables<float>>();
  const auto spectrum = std::make_unique<Spectrum<float>>();
  std::vector<SoundFrame<float>> frames(FeatureMaker<float>::frames_of(FeatureMaker<float>::kMaxSamples));
  FeatureMaker<float> maker(*tables, *spectrum, frames.data());
  uint8_t head[4];
  while (std::fread(head, 1, sizeof head, stdin) == sizeof head) {
    const uint32_t samples = head[0] | head[1] << 8 | head[2] << 16 | static_cast<uint32_t>(head[3]) << 24;
    std::vector<uint8_t> sound(2 * samples), heard(2 * samples, 0xAA);
    if (samples > FeatureMaker<float>::kMaxSamples || std::fread(sound.data(), 1, sound.size(), stdin) != sound.size())
      return 1;
    maker.begin(heard.data(), samples);
    constexpr uint32_t block = 777;
    for (uint32_t arrived = 0; !maker.is_done();) {
      const uint32_t more = samples - arrived < block ? samples - arrived : block;
      std::copy_n(sound.begin() + 2 * arrived, 2 * more, heard.begin() + 2 * arrived);
      arrived += more;
      while (maker.step(arrived)) {
      }
    }
    for (int i = 0; i < kFeatures; i++)
      std::printf("%.9g%c", static_cast<double>(maker.value(i)), i + 1 < kFeatures ? ' ' : '\n');
  }
}
